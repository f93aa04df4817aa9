package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.LocalSpark;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class TaskSlotsTest {

  @Test
  void countsThoseThatAreThere() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      assertThat(TaskSlots.await(spark, 0)).isEqualTo(2);
    }
  }
}
