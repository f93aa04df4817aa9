package io.dropblock.bench.step;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.bench.step.workload.StepModel;
import io.dropblock.nn.phase.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Figures that nobody measured. */
final class SampleSteps {
  static final Machine QUIET = new Machine("Processor X", 2, 0.25, "17.0.1 Vendor");
  static final int BATCH = 8;

  private SampleSteps() {}

  static StepPlan plan(int ranks, boolean stock) {
    return new StepPlan(
        StepModel.parse("resnet50"),
        BATCH,
        224,
        2,
        ranks,
        stock,
        false,
        new StepPace(1, 1, 3, 10, 1));
  }

  /**
   * Ours takes 1, 0.8 and 1.25 s a training step, 8 times less for inference; stock DL4J twice
   * that; a rank of two takes 2.1 times as long.
   */
  static StepResults of(StepPlan plan, Machine machine) {
    List<StepFigure> figures = new ArrayList<>();
    for (StepKind kind : StepKind.values()) {
      double unit = kind == StepKind.TRAINING ? 1 : 0.125;
      for (StepSetup setup : plan.setups()) {
        figures.add(
            switch (setup.what()) {
              case OURS -> figure(setup, kind, unit);
              case STOCK -> figure(setup, kind, 2 * unit);
              case RANKS -> figure(setup, kind, 2.1 * unit);
            });
      }
    }
    return new StepResults(plan, machine, figures);
  }

  private static StepFigure figure(StepSetup setup, StepKind kind, double step) {
    List<RankReport> reports = new ArrayList<>();
    for (int rank = 0; rank < setup.ranks(); rank++) {
      List<Repetition> repetitions =
          DoubleStream.of(step, 0.8 * step, 1.25 * step)
              .mapToObj(seconds -> repetition(kind, seconds))
              .toList();
      reports.add(
          kind == StepKind.TRAINING
              ? new RankReport(repetitions, 7.125 + rank, 6.25, 2000 + rank, 3 - rank)
              : new RankReport(repetitions, Double.NaN, Double.NaN, 1000, 0.25));
    }
    return new StepFigure(setup, kind, BATCH, reports);
  }

  /** Ten steps. */
  private static Repetition repetition(StepKind kind, double seconds) {
    return new Repetition(
        10,
        10 * seconds,
        kind == StepKind.TRAINING
            ? Map.of(
                Phase.DATA, 10 * seconds,
                Phase.FORWARD, 300 * seconds,
                Phase.BACKWARD, 600 * seconds,
                Phase.AVERAGE, 5 * seconds,
                Phase.UPDATE, 85 * seconds)
            : Map.of(
                Phase.DATA, 8 * seconds,
                Phase.FORWARD, 800 * seconds,
                Phase.POSTPROCESSING, 192 * seconds));
  }
}
