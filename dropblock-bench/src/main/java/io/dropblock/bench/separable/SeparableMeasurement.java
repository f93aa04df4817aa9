package io.dropblock.bench.separable;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.Spread;
import io.dropblock.cpu.ComputeThreads;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures all cases one after the other. */
public final class SeparableMeasurement {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private SeparableMeasurement() {}

  /**
   * Measures with the threads of the plan, which this thread has from then on.
   *
   * @param progress gets a line for every case measured
   */
  public static SeparableResults run(SeparablePlan plan, PrintStream progress) {
    Machine machine = Machine.here();
    ComputeThreads.set(plan.threads());
    List<SeparableFigure> figures = new ArrayList<>();
    for (SeparableCase what : SeparableCase.AMOEBANET) {
      SeparableWork work = new SeparableWork(what, plan.batch());
      SeparableFigure figure =
          new SeparableFigure(what, spread(plan, work::forward), spread(plan, work::both));
      progress.printf(
          Locale.ROOT,
          "%-20s %.2f ms, with gradients %.2f ms%n",
          what.label(),
          figure.forward().median(),
          figure.both().median());
      figures.add(figure);
    }
    return new SeparableResults(plan, machine, figures);
  }

  private static Spread spread(SeparablePlan plan, Runnable pass) {
    millis(plan, pass);
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < plan.repetitions(); i++) {
      all.add(millis(plan, pass));
    }
    return Spread.of(all);
  }

  /** Of a pass, a mean over the seconds of a repetition. */
  private static double millis(SeparablePlan plan, Runnable pass) {
    long start = System.nanoTime();
    long passes = 0;
    double passed;
    do {
      pass.run();
      passes++;
      passed = (System.nanoTime() - start) / NANOS;
    } while (passed < plan.seconds());
    return passed * MILLIS / passes;
  }
}
