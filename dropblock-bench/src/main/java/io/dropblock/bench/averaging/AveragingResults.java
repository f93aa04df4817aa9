package io.dropblock.bench.averaging;

import io.dropblock.bench.averaging.fit.FitFigure;
import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.Target;
import java.util.List;
import java.util.Optional;

/**
 * The figures of one run.
 *
 * @param plan what was measured
 * @param machine on what
 * @param ring rounds of the ring without Spark
 * @param chain rounds of the sum from rank to rank without Spark
 * @param encrypted the same on an encrypted ring, where the plan says so
 * @param bare the bare transfer of the same bytes
 * @param fit rounds of fits with all parameters
 * @param fixed rounds of fits with few
 */
public record AveragingResults(
    AveragingPlan plan,
    Machine machine,
    RoundsFigure ring,
    RoundsFigure chain,
    Optional<EncryptedRounds> encrypted,
    RoundsFigure bare,
    FitFigure fit,
    FitFigure fixed) {

  /** What averaging is to reach, in the order of the table. */
  List<Target> targets() {
    return List.of(
        Target.atMost(
            "ring / bare transfer", ring.milliseconds().median() / bare.milliseconds().median(), 2),
        Target.atMost(
            "chain / bare transfer",
            chain.milliseconds().median() / bare.milliseconds().median(),
            2),
        Target.atLeast(
            "stock master / ring", fit.stock().median() / ring.milliseconds().median(), 10),
        Target.atMost("fixed cost, ring, ms", fixed.costOf(fixed.ring()), 5));
  }
}
