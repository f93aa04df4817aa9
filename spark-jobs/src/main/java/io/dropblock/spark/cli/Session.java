package io.dropblock.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.gpu.GpuSettings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A connection to the cluster that submit.sh names, for the time of one command. A command that is
 * told to end, by Ctrl-C or the cluster, says so in one line, and nothing else is printed then.
 */
final class Session implements AutoCloseable {
  private final JavaSparkContext spark;
  private final StopSignal stopSignal;

  private Session(JavaSparkContext spark, StopSignal stopSignal) {
    this.spark = spark;
    this.stopSignal = stopSignal;
  }

  /** Connects, and says where the Spark UI is. */
  static Session open(String name, PrintStream out) {
    return open(name, out, () -> "Stopped");
  }

  /**
   * The same.
   *
   * @param stopped says how the command goes on another time
   */
  static Session open(String name, PrintStream out, Supplier<String> stopped) {
    return open(new SparkConf().setAppName(name), out, stopped);
  }

  /**
   * The same, to train: a stage that fails is not tried again by Spark, from the start of the
   * epoch, but by the trainer, from the newest checkpoint.
   */
  static Session openToTrain(String name, PrintStream out, Supplier<String> stopped) {
    return open(
        new SparkConf().setAppName(name).setIfMissing("spark.stage.maxConsecutiveAttempts", "1"),
        out,
        stopped);
  }

  private static Session open(SparkConf settings, PrintStream out, Supplier<String> stopped) {
    StopSignal stopSignal = StopSignal.then(() -> stop(stopped));
    try {
      JavaSparkContext spark = new JavaSparkContext(GpuSettings.complete(settings));
      if (spark.sc().uiWebUrl().isDefined()) {
        out.println("Spark UI: " + spark.sc().uiWebUrl().get());
      }
      return new Session(spark, stopSignal);
    } catch (RuntimeException | Error e) {
      stopSignal.close();
      throw e;
    }
  }

  /** What Spark and Scala say when they are stopped in the middle of their work tells nothing. */
  private static void stop(Supplier<String> stopped) {
    Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
    System.err.println(stopped.get());
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
  }

  JavaSparkContext spark() {
    return spark;
  }

  @Override
  public void close() {
    spark.close();
    stopSignal.close();
  }
}
