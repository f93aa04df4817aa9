package io.dropblock.spark.cli;

import io.dropblock.spark.gpu.GpuSettings;
import java.io.PrintStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A connection to the cluster that submit.sh names, for the time of one command. */
final class Session implements AutoCloseable {
  private final JavaSparkContext spark;

  private Session(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Connects, and says where the Spark UI is. */
  static Session open(String name, PrintStream out) {
    return open(new SparkConf().setAppName(name), out);
  }

  /**
   * The same, to train: a stage that fails is not tried again by Spark, from the start of the
   * epoch, but by the trainer, from the newest checkpoint.
   */
  static Session openToTrain(String name, PrintStream out) {
    return open(
        new SparkConf().setAppName(name).setIfMissing("spark.stage.maxConsecutiveAttempts", "1"),
        out);
  }

  private static Session open(SparkConf settings, PrintStream out) {
    JavaSparkContext spark = new JavaSparkContext(GpuSettings.complete(settings));
    if (spark.sc().uiWebUrl().isDefined()) {
      out.println("Spark UI: " + spark.sc().uiWebUrl().get());
    }
    return new Session(spark);
  }

  JavaSparkContext spark() {
    return spark;
  }

  @Override
  public void close() {
    spark.close();
  }
}
