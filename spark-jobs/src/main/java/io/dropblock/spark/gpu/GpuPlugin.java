package io.dropblock.spark.gpu;

import io.dropblock.op.DeviceArrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at an executor's GPU when the executor starts, and lets none start that could not train: it
 * ends, and tells the driver why. {@link GpuSettings} adds it to an application's plugins.
 */
public final class GpuPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(GpuPlugin.class);

  /** Why this process' newest application was ended, if an executor was refused. */
  public static Optional<String> refusal() {
    return RefusedExecutors.refusal();
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new RefusedExecutors();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> fromDriver) {
        try {
          check(context);
        } catch (IllegalStateException refusal) {
          tell(context, refusal);
          throw refusal;
        }
      }
    };
  }

  /**
   * @throws IllegalStateException if its GPU is none to train on
   */
  private static void check(PluginContext context) {
    // the context's own hostname() is not known yet, and fails in Spark 3.5.9
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    ExecutorGpu gpu = ExecutorGpu.of(host, context.resources());
    Preflight preflight = new Preflight(GpuSettings.freeMemory(context.conf()));
    HostGpu found = gpu.check(preflight, DeviceArrays.find().isPresent(), HostGpu::ask);
    LOG.info("{}: {}", gpu, found);
  }

  private static void tell(PluginContext context, IllegalStateException refusal) {
    try {
      context.ask(refusal.getMessage());
    } catch (Exception e) {
      refusal.addSuppressed(e);
    }
  }
}
