package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.LocalSpark;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class TaskSlotsTest {

  @Test
  void countsThoseThatAreThere() {
    // submit.sh sets the cores of an executor whatever the master
    try (JavaSparkContext spark = LocalSpark.start(2, Map.of("spark.executor.cores", "1"))) {
      assertThat(TaskSlots.await(spark, 0)).isEqualTo(2);
    }
  }
}
