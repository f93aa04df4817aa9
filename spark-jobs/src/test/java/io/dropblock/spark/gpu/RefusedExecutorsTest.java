package io.dropblock.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.LocalSpark;
import java.time.Duration;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RefusedExecutorsTest {
  private static final String SENTENCE = "Cannot train on GPU 0 of node7: it is full";

  @Test
  void theFirstOneEndsAnApplicationThatHasDoneNothingYet() {
    RefusedExecutors refused = new RefusedExecutors();
    try (JavaSparkContext spark = LocalSpark.start(1)) {
      refused.init(spark.sc(), null);
      refused.receive(SENTENCE);
      refused.receive("Cannot train on GPU 1 of node8: it is full, too");
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> spark.sc().isStopped());
      assertThat(RefusedExecutors.refusal()).contains(SENTENCE);
    }
  }

  @Test
  void laterOnesAreForTheRunsRecovery() {
    RefusedExecutors refused = new RefusedExecutors();
    try (JavaSparkContext spark = LocalSpark.start(1)) {
      refused.init(spark.sc(), null);
      assertThat(spark.parallelize(List.of(1, 2), 1).count()).isEqualTo(2);
      // The end of a task is told by another thread
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(refused::isProven);
      refused.receive(SENTENCE);
      assertThat(RefusedExecutors.refusal()).isEmpty();
      assertThat(spark.parallelize(List.of(1, 2, 3), 1).count()).isEqualTo(3);
    }
  }
}
