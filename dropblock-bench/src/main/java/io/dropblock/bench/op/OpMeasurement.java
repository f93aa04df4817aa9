package io.dropblock.bench.op;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.TensorShape;
import io.dropblock.bench.process.Child;
import io.dropblock.spark.text.Count;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Measures every case of a plan with JMH, in a JVM of its own each. The cases of one shape follow
 * each other, so that the times of a ratio lie a minute apart and not ten.
 */
public final class OpMeasurement {
  private static final String[] JVM_ARGUMENTS =
      Stream.concat(Stream.of("-Xms1g", "-Xmx1g"), Child.NATIVE_MEMORY.stream())
          .toArray(String[]::new);

  private final OpPlan plan;
  private final PrintStream progress;
  private final List<OpFigure> figures = new ArrayList<>();
  private final long begin = System.nanoTime();

  private OpMeasurement(OpPlan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param progress gets a line for every case measured, with the time left
   * @throws IllegalStateException if a case fails
   */
  public static OpResults run(OpPlan plan, PrintStream progress) {
    Machine machine = Machine.here();
    return new OpResults(machine, new OpMeasurement(plan, progress).measure());
  }

  private List<OpFigure> measure() {
    for (int threads : plan.threads()) {
      for (TensorShape shape : plan.shapes()) {
        for (OpCase what : OpCase.values()) {
          OpFigure figure = measure(what, shape, threads);
          figures.add(figure);
          report(figure);
        }
      }
    }
    return figures;
  }

  private OpFigure measure(OpCase what, TensorShape shape, int threads) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(OpBenchmark.class.getName() + "." + what.method()) + "$")
            .param("shape", shape.toString())
            .param("threads", Integer.toString(threads))
            .mode(Mode.SampleTime)
            .timeUnit(TimeUnit.MILLISECONDS)
            .forks(plan.forks())
            .warmupIterations(plan.warmUps())
            .warmupTime(plan.time())
            .measurementIterations(plan.iterations())
            .measurementTime(plan.time())
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgs(JVM_ARGUMENTS);
    try {
      RunResult result = new Runner(options.build()).runSingle();
      Statistics calls = result.getPrimaryResult().getStatistics();
      return new OpFigure(
          what,
          shape,
          threads,
          calls.getPercentile(50),
          calls.getMin(),
          calls.getPercentile(90),
          calls.getN());
    } catch (RunnerException e) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot measure '%s' of %s on %s",
              what.label(),
              shape,
              Count.of(threads, "thread")),
          e);
    }
  }

  private void report(OpFigure figure) {
    int left = plan.cells() - figures.size();
    Duration time =
        Duration.ofNanos((long) ((double) (System.nanoTime() - begin) / figures.size() * left));
    progress.printf(
        Locale.ROOT,
        "%3d/%d  %s  %d thread%s  %-28s %9.3f ms  %d:%02d min left%n",
        figures.size(),
        plan.cells(),
        figure.shape(),
        figure.threads(),
        figure.threads() == 1 ? " " : "s",
        figure.what().label(),
        figure.median(),
        time.toMinutes(),
        time.toSecondsPart());
  }
}
