package io.dropblock.spark.gpu;

import io.dropblock.op.DeviceArrays;
import java.util.Locale;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** The GPU of the running task, looked at again: {@link GpuPlugin} did so as its executor began. */
public final class TaskGpu {
  private TaskGpu() {}

  /**
   * What NVIDIA's driver says of it, in one line.
   *
   * @throws IllegalStateException in one sentence, why training there would fail
   */
  public static String look() {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    ExecutorGpu gpu = ExecutorGpu.of(host, TaskContext.get().resourcesJMap());
    Preflight preflight = new Preflight(GpuSettings.freeMemory(SparkEnv.get().conf()));
    HostGpu found = gpu.check(preflight, DeviceArrays.find().isPresent(), HostGpu::ask);
    return String.format(
        Locale.ROOT,
        "GPU %d: %s, %d.%d, %,d MiB free",
        gpu.device(),
        found.name(),
        found.major(),
        found.minor(),
        found.freeMemory() >> 20);
  }
}
