package io.dropblock.bench.averaging.fit;

import io.dropblock.bench.process.Child;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Rounds as part of {@code SparkComputationGraph.fit}, with a Spark of its own: a driver in a JVM,
 * and an executor in a JVM for each rank.
 *
 * <p>Two fits that differ only in their number of rounds are timed, {@code n} and {@code m > n}. A
 * round costs {@code (T(m) - T(n)) / (m - n)}: what is done once a fit, such as starting the job,
 * is in both and falls out. Each round has one step, of one sample on each rank, which is part of
 * it; what a step costs on its own is measured besides.
 */
public final class FitRounds {
  private FitRounds() {}

  /**
   * Measures both masters with one network.
   *
   * @throws io.dropblock.bench.figure.MeasurementException if they fail
   */
  public static FitFigure measure(FitJob job) {
    Path home = makeHome();
    // For one who loses patience
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(home)));
    try (Child driver = Child.start(FitDriver.class, job, options(job, home), environment(home))) {
      return FitFigure.of(job.parameters(), driver.answer(FitReport.class));
    } finally {
      delete(home);
    }
  }

  private static List<String> options(FitJob job, Path home) {
    List<String> options =
        new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    options.addAll(Child.NATIVE_MEMORY);
    options.add(String.format(Locale.ROOT, "-Xmx%dm", job.driverMib()));
    options.add("-Djava.io.tmpdir=" + home);
    return options;
  }

  private static Map<String, String> environment(Path home) {
    return Map.of(
        "SPARK_HOME", home.toString(),
        // Which build of Spark: it would look for folders of the name
        "SPARK_SCALA_VERSION", "2.12",
        "SPARK_LOCAL_IP", "127.0.0.1",
        "OMP_NUM_THREADS", "1",
        "OPENBLAS_NUM_THREADS", "1");
  }

  /** Where Spark's workers work. They insist on a folder of jars; ours are on the class path. */
  private static Path makeHome() {
    try {
      Path home = Files.createTempDirectory("bench-averaging");
      Files.createDirectory(home.resolve("jars"));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary folder: " + e.getMessage(), e);
    }
  }

  /** An executor that is still about to end may write another line. */
  private static void delete(Path home) {
    if (Files.notExists(home)) {
      return;
    }
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // The rest goes when this JVM ends
    }
  }
}
