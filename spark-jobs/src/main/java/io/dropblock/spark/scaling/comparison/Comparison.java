package io.dropblock.spark.scaling.comparison;

import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;
import io.dropblock.spark.scaling.Gradient;
import io.dropblock.spark.scaling.Network;
import io.dropblock.spark.scaling.Positive;
import io.dropblock.spark.scaling.RankPace;
import io.dropblock.spark.scaling.SharedMachine;
import io.dropblock.spark.scaling.StepModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured on one machine with any number of ranks, beside what the model says with
 * constants of one and two ranks.
 *
 * @param processors of the machine, at least 2
 * @param piece bytes that a rank passes on at a time
 */
public record Comparison(int processors, int piece) {
  /**
   * @throws IllegalArgumentException if two ranks had no processor each
   */
  public Comparison {
    Positive.atLeast("number of processors", processors, 2);
  }

  /**
   * Rounds without training.
   *
   * @param rounds of 2 ranks, and of others
   * @throws IllegalArgumentException if there are none of 2 ranks
   */
  public List<Compared> rounds(List<MeasuredRounds> rounds) {
    Calibration constants = constants(rounds);
    List<Compared> compared = new ArrayList<>();
    for (MeasuredRounds measured : sorted(rounds)) {
      for (SumOrder order : SumOrder.values()) {
        boolean chain = order == SumOrder.SLOTS;
        Gradient gradient = new Gradient(measured.parameters(), WireFormat.EXACT, order);
        compared.add(
            new Compared(
                chain ? "round of the chain" : "round of the ring",
                measured.world(),
                // an array a rank
                model(constants, new RankPace(1, 0, 0), measured.world(), gradient, 1)
                    .round(measured.world()),
                chain ? measured.chain() : measured.ring(),
                measured.world() == 2));
      }
    }
    return compared;
  }

  /** Constants of the rounds of 2 ranks. */
  public Calibration constants(List<MeasuredRounds> rounds) {
    return Calibration.of(
        rounds.stream()
            .filter(measured -> measured.world() == 2)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot take constants: there are no rounds of 2 ranks")));
  }

  /**
   * Steps of trainings, those of each recipe by constants of its own run of 1 rank, and of its run
   * of 2 for what ranks take from each other.
   *
   * @param runs of one rank and of others
   * @throws IllegalArgumentException if there is none of one rank
   */
  public List<Compared> steps(List<MeasuredRun> runs, Calibration constants) {
    Map<String, List<MeasuredRun>> byRecipe = new LinkedHashMap<>();
    runs.forEach(run -> byRecipe.computeIfAbsent(run.name(), it -> new ArrayList<>()).add(run));
    List<Compared> compared = new ArrayList<>();
    byRecipe.values().forEach(of -> compared.addAll(ofRecipe(of, constants)));
    return compared;
  }

  private List<Compared> ofRecipe(List<MeasuredRun> runs, Calibration constants) {
    MeasuredRun alone =
        of(runs, 1)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot predict " + runs.get(0).name() + ": there is no run of 1 rank"));
    double slowdown = of(runs, 2).map(two -> two.microBatch() / alone.microBatch()).orElse(1.0);
    RankPace pace =
        new RankPace(
            alone.microBatch(), alone.update(), Double.isNaN(alone.spread()) ? 0 : alone.spread());
    return runs.stream()
        .sorted(Comparator.comparingInt(MeasuredRun::world))
        .map(
            run -> {
              Gradient gradient = new Gradient(run.parameters(), WireFormat.EXACT, SumOrder.SLOTS);
              return new Compared(
                  "step of " + run.name(),
                  run.world(),
                  model(constants, pace, run.slots(), gradient, slowdown)
                      .step(run.world())
                      .seconds(),
                  run.step(),
                  run.world() <= 2);
            })
        .toList();
  }

  private static Optional<MeasuredRun> of(List<MeasuredRun> runs, int world) {
    return runs.stream().filter(run -> run.world() == world).findFirst();
  }

  private static List<MeasuredRounds> sorted(List<MeasuredRounds> rounds) {
    return rounds.stream().sorted(Comparator.comparingInt(MeasuredRounds::world)).toList();
  }

  private StepModel model(
      Calibration constants, RankPace pace, int slots, Gradient gradient, double slowdown) {
    return new StepModel(
        pace,
        slots,
        gradient,
        constants.thread(),
        Network.loopback(constants.latency()),
        piece,
        Optional.of(new SharedMachine(processors, slowdown)));
  }
}
