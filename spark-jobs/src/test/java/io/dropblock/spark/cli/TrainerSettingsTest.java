package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.Averaging.Way;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;

class TrainerSettingsTest {
  private static final SparkConf GPUS =
      new SparkConf(false).set("spark.executor.resource.gpu.amount", "1");

  @Test
  void theStockMasterSendsArraysToTheBackendThatMadeThem() {
    assertThatThrownBy(
            () ->
                TrainerSettings.requireRingForGpus(
                    GPUS, Way.STOCK, () -> ExecutionerType.NATIVE_CPU))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot train on GPUs with averaging.master: stock from a driver without one:"
                + " use averaging.master: ring");
    assertThatCode(
            () -> {
              TrainerSettings.requireRingForGpus(GPUS, Way.STOCK, () -> ExecutionerType.CUDA);
              TrainerSettings.requireRingForGpus(GPUS, Way.RING, () -> ExecutionerType.NATIVE_CPU);
              TrainerSettings.requireRingForGpus(
                  new SparkConf(false), Way.STOCK, () -> ExecutionerType.NATIVE_CPU);
            })
        .doesNotThrowAnyException();
  }
}
