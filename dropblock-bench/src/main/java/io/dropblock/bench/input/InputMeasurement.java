package io.dropblock.bench.input;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.Spread;
import io.dropblock.bench.process.ProcessMemory;
import io.dropblock.spark.data.image.ImageDecoder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures all cases of a plan one after the other. */
public final class InputMeasurement {
  private static final double NANOS = 1e9;

  private final InputPlan plan;
  private final PrintStream progress;

  private InputMeasurement(InputPlan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param progress gets a line for every case measured
   * @throws io.dropblock.spark.data.DataException if the data set cannot be read
   */
  public static InputResults run(InputPlan plan, PrintStream progress) {
    return new InputMeasurement(plan, progress).measure();
  }

  private InputResults measure() {
    Machine machine = Machine.here();
    StoredImages stored = StoredImages.open(plan);
    List<InputFigure> figures = new ArrayList<>();
    figures.add(figure(InputCase.READ, stored::read));
    try (ImageWork work = new ImageWork(plan, stored.some())) {
      figures.add(figure(InputCase.DECODE, work::decode));
      figures.add(figure(InputCase.AUGMENT, work::augment));
      figures.add(figure(InputCase.SAMPLE, work::sample));
    }
    figures.add(figure(InputCase.FEED, stored::feed));
    double before = ProcessMemory.resident();
    for (int epoch = 0; epoch < plan.pace().epochs(); epoch++) {
      stored.feed();
    }
    double growth = ProcessMemory.resident() - before;
    return new InputResults(
        plan, machine, stored.images(), ImageDecoder.jpegDecoder(), figures, growth);
  }

  /** Some images' worth of work. */
  @FunctionalInterface
  private interface Work {
    /** Returns how many images there were. */
    long run();
  }

  private InputFigure figure(InputCase what, Work work) {
    InputPace pace = plan.pace();
    rate(work, pace.warmUpSeconds());
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < pace.repetitions(); i++) {
      rates.add(rate(work, pace.seconds()));
    }
    InputFigure figure = new InputFigure(what, Spread.of(rates));
    progress.printf(
        Locale.ROOT, "%-24s %.0f images/s%n", what.label(), figure.imagesPerSecond().median());
    return figure;
  }

  /** Works at least once, and until the time is over. */
  private static double rate(Work work, double seconds) {
    long start = System.nanoTime();
    long images = 0;
    double passed;
    do {
      images += work.run();
      passed = (System.nanoTime() - start) / NANOS;
    } while (passed < seconds);
    return images / passed;
  }
}
