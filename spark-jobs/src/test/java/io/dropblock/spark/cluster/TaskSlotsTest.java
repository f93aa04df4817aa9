package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.LocalSpark;
import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class TaskSlotsTest {

  @Test
  void countsThoseThatAreThereAndComplainsWhereNoneComes() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      TaskSlots.awaitAny(spark);
      assertThat(TaskSlots.await(spark, 0)).isEqualTo(2);
      assertThatThrownBy(() -> TaskSlots.awaitAny(spark, () -> 0, Duration.ZERO))
          .isInstanceOf(ClusterException.class)
          .hasMessageMatching(
              "Cannot start a task: no executor has come for \\d+ s to local\\[2]; look at its page"
                  + " and at the executors' logs, or ask for less \\(spark.executor.cores,"
                  + " spark.executor.memory\\)");
    }
  }
}
