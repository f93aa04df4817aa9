package io.dropblock.spark.gpu;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * On the driver: the first executor to be refused ends the application, whose cluster manager would
 * start it again and again. Once a task has ended well that is no longer so, and refusals are for
 * the run's recovery.
 */
final class RefusedExecutors extends SparkListener implements DriverPlugin {
  private static volatile String refusal;

  private SparkContext spark;
  private volatile boolean proven;

  /** Why this process' newest application was ended, if it was. */
  static Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  @Override
  public Map<String, String> init(SparkContext started, PluginContext context) {
    refusal = null;
    spark = started;
    spark.addSparkListener(this);
    return Map.of();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    proven |= task.reason() == Success$.MODULE$;
  }

  /** Whether a task has ended well. */
  boolean isProven() {
    return proven;
  }

  /**
   * Called with what an executor that ends has to say.
   *
   * @return nothing of interest; that it was heard
   */
  @Override
  public Object receive(Object sentence) {
    if (!proven && refusal == null) {
      refusal = (String) sentence;
      // On a thread of its own: this one delivers messages that stopping waits for
      new Thread(spark::stop, "refused-executor").start();
    }
    return "";
  }
}
