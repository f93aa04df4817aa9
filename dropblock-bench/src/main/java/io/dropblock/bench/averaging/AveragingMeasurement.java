package io.dropblock.bench.averaging;

import io.dropblock.bench.averaging.fit.FitFigure;
import io.dropblock.bench.averaging.fit.FitRounds;
import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.MeasurementException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Measures all rows of a plan one after the other, each in JVMs of its own. */
public final class AveragingMeasurement {
  private static final int ROWS = 5;
  private static final int ENCRYPTED_ROWS = 2;

  private final PrintStream progress;
  private final int rows;
  private int done;

  private AveragingMeasurement(PrintStream progress, int rows) {
    this.progress = progress;
    this.rows = rows;
  }

  /**
   * Measures.
   *
   * @param progress gets a line for every row measured
   * @throws MeasurementException if a process fails
   */
  public static AveragingResults run(AveragingPlan plan, PrintStream progress) {
    int rows = ROWS + (plan.encrypt() ? ENCRYPTED_ROWS : 0);
    return new AveragingMeasurement(progress, rows).measure(plan);
  }

  private AveragingResults measure(AveragingPlan plan) {
    Machine machine = Machine.here();
    return new AveragingResults(
        plan,
        machine,
        row("ring", () -> RingRounds.measure(plan, false), AveragingMeasurement::text),
        row("chain", () -> ChainRounds.measure(plan, false), AveragingMeasurement::text),
        plan.encrypt() ? Optional.of(encrypted(plan)) : Optional.empty(),
        row("bare transfer", () -> LoopbackTransfer.measure(plan), AveragingMeasurement::text),
        row("fits", () -> FitRounds.measure(plan.manyParameters()), AveragingMeasurement::text),
        row(
            "small fits",
            () -> FitRounds.measure(plan.fewParameters()),
            AveragingMeasurement::text));
  }

  private EncryptedRounds encrypted(AveragingPlan plan) {
    return new EncryptedRounds(
        row("ring, encrypted", () -> RingRounds.measure(plan, true), AveragingMeasurement::text),
        row("chain, encrypted", () -> ChainRounds.measure(plan, true), AveragingMeasurement::text));
  }

  private <T> T row(String what, Supplier<T> measurement, Function<T, String> text) {
    try {
      T figure = measurement.get();
      done++;
      progress.printf(
          Locale.ROOT, "%d/%d  %-16s %s a round%n", done, rows, what, text.apply(figure));
      return figure;
    } catch (MeasurementException e) {
      throw new MeasurementException(
          String.format(Locale.ROOT, "Cannot measure averaging, %s: %s", what, e.getMessage()), e);
    }
  }

  private static String text(RoundsFigure figure) {
    return String.format(Locale.ROOT, "%.2f ms", figure.milliseconds().median());
  }

  private static String text(FitFigure figure) {
    return String.format(
        Locale.ROOT,
        "%.2f ms by the ring master, %.2f ms by the stock one",
        figure.ring().median(),
        figure.stock().median());
  }
}
