package io.dropblock.spark.gpu;

import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.rank.RankGpu;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * What an application that asks Spark for GPUs needs besides: {@code
 * spark.executor.resource.gpu.amount} says whether it does.
 */
public final class GpuSettings {
  static final String FREE_MEMORY = OwnSetting.GPU_FREE_MEMORY.key();
  private static final String DEFAULT_FREE_MEMORY = OwnSetting.GPU_FREE_MEMORY.otherwise();
  private static final String AMOUNT = "spark.executor.resource." + RankGpu.RESOURCE + ".amount";
  private static final String TASK_AMOUNT = "spark.task.resource." + RankGpu.RESOURCE + ".amount";
  private static final String PLUGINS = "spark.plugins";

  private GpuSettings() {}

  /**
   * Completes the settings of an application before it starts. With GPUs: one for each task, in the
   * order in which {@code nvidia-smi} counts them, and {@link GpuPlugin}. Without: executors
   * compute in main memory, also where the jar and the host could do otherwise. What is set already
   * stays.
   *
   * @throws ClusterException if a setting cannot be read
   */
  public static SparkConf complete(SparkConf conf) {
    boolean gpus = ask(conf);
    // ND4J takes the backend of the highest priority that works; CUDA's is 100
    conf.setIfMissing("spark.executorEnv.BACKEND_PRIORITY_CPU", gpus ? "0" : "1000");
    if (gpus) {
      conf.setIfMissing(TASK_AMOUNT, "1");
      conf.setIfMissing("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
      freeMemory(conf);
      String plugins = conf.get(PLUGINS, "");
      String ours = GpuPlugin.class.getName();
      conf.set(PLUGINS, plugins.isEmpty() ? ours : plugins + "," + ours);
    }
    return conf;
  }

  /** Whether the settings ask for GPUs. */
  public static boolean ask(SparkConf conf) {
    return conf.getInt(AMOUNT, 0) > 0;
  }

  /** Bytes that must be free on a GPU. */
  static long freeMemory(SparkConf conf) {
    String text = conf.get(FREE_MEMORY, DEFAULT_FREE_MEMORY);
    try {
      return conf.getSizeAsBytes(FREE_MEMORY, DEFAULT_FREE_MEMORY);
    } catch (NumberFormatException e) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "Cannot use setting %s: '%s', it must be a size like 2g",
              FREE_MEMORY,
              text),
          e);
    }
  }
}
