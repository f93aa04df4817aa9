package io.dropblock.bench.step;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.process.Child;
import io.dropblock.bench.step.workload.StepKind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures every row of a plan, training before inference, each in JVMs of its own. The rows of one
 * kind follow each other, so that the rates of a ratio lie minutes apart and not ten.
 */
public final class StepMeasurement {
  private final StepPlan plan;
  private final PrintStream progress;
  private final List<StepFigure> figures = new ArrayList<>();

  private StepMeasurement(StepPlan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param progress gets a line for every row measured
   * @throws MeasurementException if a process fails
   */
  public static StepResults run(StepPlan plan, PrintStream progress) {
    Machine machine = Machine.here();
    return new StepResults(plan, machine, new StepMeasurement(plan, progress).measure());
  }

  private List<StepFigure> measure() {
    for (StepKind kind : StepKind.values()) {
      for (StepSetup setup : plan.setups()) {
        try {
          figures.add(
              new StepFigure(
                  setup, kind, plan.batch(), reports(plan.job(kind, setup), setup.ranks())));
        } catch (MeasurementException e) {
          throw new MeasurementException(
              String.format(
                  Locale.ROOT,
                  "Cannot measure %s of %s, %s: %s",
                  kind.label(),
                  plan.model().name(),
                  setup.label(),
                  e.getMessage()),
              e);
        }
        report(figures.get(figures.size() - 1));
      }
    }
    return figures;
  }

  private static List<RankReport> reports(StepJob job, int ranks) {
    List<Child> processes = new ArrayList<>();
    try {
      for (int rank = 0; rank < ranks; rank++) {
        processes.add(RankMain.start(job));
      }
      processes.forEach(rank -> rank.await(RankMain.READY));
      processes.forEach(rank -> rank.tell(RankMain.GO));
      processes.forEach(rank -> rank.await(RankMain.MEASURED));
      processes.forEach(rank -> rank.tell(RankMain.STOP));
      return processes.stream().map(rank -> rank.answer(RankReport.class)).toList();
    } finally {
      processes.forEach(Child::close);
    }
  }

  private void report(StepFigure figure) {
    progress.printf(
        Locale.ROOT,
        "%d/%d  %-10s %-28s %9.2f images/s%n",
        figures.size(),
        plan.setups().size() * StepKind.values().length,
        figure.kind().label(),
        figure.setup().label(),
        figure.imagesPerSecond());
  }
}
