package io.dropblock.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.cluster.ClusterException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class GpuSettingsTest {

  @Test
  void withGpusExecutorsTakeCudaInTheOrderOfSparksAddresses() {
    SparkConf conf = GpuSettings.complete(gpus());
    assertThat(conf.get("spark.plugins")).isEqualTo("io.dropblock.spark.gpu.GpuPlugin");
    assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get("spark.executorEnv.BACKEND_PRIORITY_CPU")).isEqualTo("0");
    assertThat(conf.get("spark.executorEnv.CUDA_DEVICE_ORDER")).isEqualTo("PCI_BUS_ID");
  }

  @Test
  void withoutGpusExecutorsStayInMainMemory() {
    SparkConf conf = GpuSettings.complete(new SparkConf(false));
    assertThat(conf.getAll()).hasSize(1);
    assertThat(conf.get("spark.executorEnv.BACKEND_PRIORITY_CPU")).isEqualTo("1000");
  }

  @Test
  void whatIsSetStays() {
    SparkConf conf =
        GpuSettings.complete(
            gpus()
                .set("spark.plugins", "some.Plugin")
                .set("spark.task.resource.gpu.amount", "0.5")
                .set("spark.executorEnv.BACKEND_PRIORITY_CPU", "7"));
    assertThat(conf.get("spark.plugins")).isEqualTo("some.Plugin,io.dropblock.spark.gpu.GpuPlugin");
    assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("0.5");
    assertThat(conf.get("spark.executorEnv.BACKEND_PRIORITY_CPU")).isEqualTo("7");
  }

  @Test
  void memoryThatMustBeFreeIsASize() {
    SparkConf conf = gpus();
    assertThat(GpuSettings.freeMemory(conf)).isEqualTo(2L << 30);
    assertThat(GpuSettings.freeMemory(conf.set("spark.dropblock.gpu.freeMemory", "6g")))
        .isEqualTo(6L << 30);
    conf.set("spark.dropblock.gpu.freeMemory", "much");
    assertThatThrownBy(() -> GpuSettings.complete(conf))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot use setting spark.dropblock.gpu.freeMemory: 'much', it must be a size like"
                + " 2g");
  }

  private static SparkConf gpus() {
    return new SparkConf(false).set("spark.executor.resource.gpu.amount", "1");
  }
}
