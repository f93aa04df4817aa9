package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.LocalSpark;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationSlotsTest {
  private static final String KEY = OwnSetting.EVALUATION_SLOTS.key();

  @Test
  void thereAreNoneUnlessSomebodySaysSo() {
    assertThat(EvaluationSlots.of(new SparkConf(false)).count()).isZero();
    assertThat(EvaluationSlots.of(new SparkConf(false).set(KEY, "12")).count()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "", "all", "1234567890"})
  void refusesWhatIsNoNumber(String text) {
    assertThatThrownBy(() -> EvaluationSlots.of(new SparkConf(false).set(KEY, text)))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot use setting "
                + KEY
                + ": '"
                + text
                + "', it must be a number of task slots, or 0 to evaluate between two epochs");
  }

  @Test
  void refusesBeforeTheStartWhatWillNotBeThere() {
    SparkConf conf = new SparkConf(false).setMaster("local[4]");
    for (int world = 0; world <= 3; world++) {
      int ranks = world;
      assertThatCode(() -> new EvaluationSlots(1).requirePromised(conf, ranks))
          .doesNotThrowAnyException();
    }
    assertThatCode(() -> new EvaluationSlots(0).requirePromised(conf, 4))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new EvaluationSlots(2).requirePromised(conf, 3))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot train with 3 ranks and evaluate on 2 task slots besides ("
                + KEY
                + "): there will be 4 task slots with spark.master=local[4]; start more executors"
                + " (spark.executor.instances) or set another "
                + KEY);
    assertThatThrownBy(() -> new EvaluationSlots(4).requirePromised(conf, 0))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("Cannot train with 1 rank and evaluate on 4 task slots besides");
    assertThatCode(
            () -> new EvaluationSlots(9).requirePromised(new SparkConf(false).setMaster("yarn"), 9))
        .as("for the cluster to say")
        .doesNotThrowAnyException();
  }

  @Test
  void ranksHaveTheOthers() {
    try (JavaSparkContext spark = LocalSpark.start(4)) {
      assertThat(new EvaluationSlots(1).await(TaskSlots.all(spark), 0, Integer.MAX_VALUE))
          .isEqualTo(3);
      assertThat(new EvaluationSlots(3).await(TaskSlots.all(spark), 0, Integer.MAX_VALUE))
          .isEqualTo(1);
      assertThat(new EvaluationSlots(1).await(TaskSlots.all(spark), 3, Integer.MAX_VALUE))
          .isEqualTo(3);
      assertThat(new EvaluationSlots(1).await(TaskSlots.all(spark), 2, Integer.MAX_VALUE))
          .isEqualTo(2);
      assertThat(new EvaluationSlots(0).await(TaskSlots.all(spark), 0, Integer.MAX_VALUE))
          .isEqualTo(4);
      assertThatThrownBy(
              () -> new EvaluationSlots(4).await(TaskSlots.all(spark), 0, Integer.MAX_VALUE))
          .isInstanceOf(ClusterException.class)
          .hasMessage(
              "Cannot train with 1 rank and evaluate on 4 task slots besides ("
                  + KEY
                  + "): the cluster offers 4 task slots; start more executors"
                  + " (spark.executor.instances) or set another "
                  + KEY);
    }
  }
}
