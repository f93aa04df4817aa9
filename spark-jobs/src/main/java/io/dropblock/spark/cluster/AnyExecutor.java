package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an application has any executor to run its tasks; without one Spark waits for ever. How
 * long is too long says {@code spark.dropblock.recovery.patience}.
 */
public final class AnyExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(AnyExecutor.class);
  private static final long POLL_MILLIS = 500;

  /** After that it is said, once, with what the cluster says of it. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private final JavaSparkContext spark;
  private final Duration patience;
  private long seen = System.nanoTime();
  private boolean told;

  /** Waiting begins now. */
  public AnyExecutor(JavaSparkContext spark) {
    this.spark = spark;
    OwnSetting setting = OwnSetting.RECOVERY_PATIENCE;
    this.patience =
        Duration.ofSeconds(spark.getConf().getTimeAsSeconds(setting.key(), setting.otherwise()));
  }

  /**
   * How long there has been none; zero while there is one.
   *
   * @throws ClusterException when that is too long
   */
  public Duration missing() {
    if (!Executor.all(spark).isEmpty()) {
      seen = System.nanoTime();
      return Duration.ZERO;
    }
    Duration missing = Duration.ofNanos(System.nanoTime() - seen);
    if (missing.compareTo(patience) > 0) {
      SparkConf conf = spark.getConf();
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "Cannot run tasks: %s has given no executor for %d s; one needs %s cores and %s of heap, %s",
              spark.master(),
              missing.toSeconds(),
              conf.get("spark.executor.cores", "some"),
              conf.get("spark.executor.memory", "1g"),
              PendingPods.text(spark)
                  .map(pods -> "and " + pods)
                  .orElse("see the cluster's own pages and logs")));
    }
    if (!told && missing.compareTo(LONG) > 0) {
      told = true;
      PendingPods.text(spark).ifPresent(pods -> LOG.warn("Waiting for executors: {}", pods));
    }
    return missing;
  }

  /**
   * Waits for the first one. Where executors come and go with the tasks there is nothing to wait
   * for.
   *
   * @param waiting is told twice a second for how long there has been none
   * @throws ClusterException when that is too long
   */
  public void await(Consumer<Duration> waiting) {
    if (SettingsCheck.isDynamic(spark.getConf())) {
      return;
    }
    for (Duration missing = missing(); !missing.isZero(); missing = missing()) {
      waiting.accept(missing);
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException("Cannot wait for executors: interrupted", e);
      }
    }
  }
}
