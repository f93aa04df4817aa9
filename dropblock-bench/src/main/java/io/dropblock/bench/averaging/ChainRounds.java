package io.dropblock.bench.averaging;

import io.dropblock.bench.process.Parent;
import java.util.List;

/**
 * Rounds of the same processes, from one to the next: the sum of a flat array of each of them, in
 * the order of ranks, as training takes it with a slot a rank.
 */
public final class ChainRounds {
  private ChainRounds() {}

  /** Measures them in as many JVMs as the plan has ranks. */
  static RoundsFigure measure(AveragingPlan plan, boolean encrypted) {
    return Processes.measure(ChainRounds.class, plan, encrypted);
  }

  /** A process of the measurement. */
  public static void main(String[] arguments) {
    Parent.serve(
        arguments,
        RoundsJob.class,
        (job, parent) ->
            RingRounds.run(
                job, new Rounds(job, parent), (ring, array) -> ring.sumFloats(List.of(array))));
  }
}
