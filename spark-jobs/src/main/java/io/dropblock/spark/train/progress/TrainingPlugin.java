package io.dropblock.spark.train.progress;

import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what ranks tell of their steps to the driver, and to ranks that they are to stop: {@code
 * spark.plugins} names it. A training without it trains as well, tells of whole epochs only, and
 * goes on from its newest checkpoint where it was stopped. What fails here fails no training.
 */
public final class TrainingPlugin implements SparkPlugin {
  /** Spark's setting that names plugins. */
  public static final String SETTING = "spark.plugins";

  /** How often executors send. */
  public static final String INTERVAL = "spark.dropblock.progress.interval";

  private static final Logger LOG = LoggerFactory.getLogger(TrainingPlugin.class);
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

  /** Whether the application that runs in this process has it. */
  public static boolean isOn() {
    return ReportDesk.interval().isPresent();
  }

  /**
   * Told what happens in a run, for Spark's metrics of the driver; empty where the application that
   * runs in this process has no such plugin.
   */
  public static Optional<Consumer<RunEvent>> gauges() {
    return ReportDesk.gauges();
  }

  static Duration interval(SparkConf conf) {
    try {
      long millis = conf.getTimeAsMs(INTERVAL, DEFAULT_INTERVAL.toMillis() + "ms");
      return Duration.ofMillis(Math.max(1, millis));
    } catch (NumberFormatException e) {
      LOG.warn("Cannot use setting {}: {}", INTERVAL, e.getMessage());
      return DEFAULT_INTERVAL;
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new ReportDesk();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      private ReportOutbox outbox;
      private StopQuestions questions;

      @Override
      public void init(PluginContext context, Map<String, String> fromDriver) {
        outbox = ReportOutbox.open(context::send, interval(context.conf()));
        questions = StopQuestions.begin(context);
      }

      @Override
      public void shutdown() {
        questions.close();
        outbox.flush();
        outbox.close();
      }
    };
  }
}
