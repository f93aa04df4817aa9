package io.dropblock.spark.gpu;

import io.dropblock.cuda.DeviceArrays;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at an executor's GPU when the executor starts, and lets none start that could not train: it
 * ends, and Spark's driver logs the reason. {@link GpuSettings} adds it.
 */
public final class GpuPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(GpuPlugin.class);

  /** Called by Spark; there is nothing to do on the driver. */
  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> fromDriver) {
        check(context);
      }
    };
  }

  /**
   * @throws IllegalStateException if its GPU is none to train on
   */
  private static void check(PluginContext context) {
    ExecutorGpu gpu = ExecutorGpu.of(context.hostname(), context.resources());
    Preflight preflight = new Preflight(GpuSettings.freeMemory(context.conf()));
    HostGpu found = gpu.check(preflight, DeviceArrays.find().isPresent(), HostGpu::ask);
    LOG.info("{}: {}", gpu, found);
  }
}
