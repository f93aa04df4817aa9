package io.dropblock.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.StandaloneMaster;
import io.dropblock.spark.cluster.StopSignal;
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
 *
 * @param spark the connection
 * @param stopSignal what is said then
 */
record Session(JavaSparkContext spark, StopSignal stopSignal) implements AutoCloseable {

  /**
   * Connects.
   *
   * @param stopped says how the command goes on another time
   * @throws ClusterException if Spark cannot start
   */
  static Session start(SparkConf settings, Supplier<String> stopped) {
    StopSignal stopSignal = StopSignal.then(() -> stop(stopped));
    try {
      StandaloneMaster.requireListening(settings);
      return new Session(new JavaSparkContext(settings), stopSignal);
    } catch (Exception e) {
      stopSignal.close();
      // Scala code throws checked ones without saying so
      throw new ClusterException(
          "Cannot start Spark on " + settings.get("spark.master", "no master") + ": " + reason(e),
          e);
    }
  }

  private static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** What fails from here on fails because of it: nobody is told. */
  private static void stop(Supplier<String> stopped) {
    Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
    System.err.println(stopped.get());
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
  }

  @Override
  public void close() {
    spark.close();
    stopSignal.close();
  }
}
