package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.LocalSpark;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class TaskSlotsTest {

  @Test
  void countsThoseThatAreThere() {
    // submit.sh sets the cores of an executor whatever the master
    try (JavaSparkContext spark = LocalSpark.start(2, Map.of("spark.executor.cores", "1"))) {
      assertThat(TaskSlots.all(spark).await(0)).isEqualTo(2);
    }
  }

  @Test
  void ofSeveralRunsEachHasItsShare() {
    SlotShare share = new SlotShare(3, 2);
    try (JavaSparkContext spark = LocalSpark.start(7)) {
      TaskSlots slots = new TaskSlots(spark, share);
      assertThat(slots.await(0)).isEqualTo(2);
      assertThat(slots.await(2)).isEqualTo(2);
      assertThat(slots.await(new RankLimits(4, 1, 0, Duration.ZERO))).isEqualTo(2);
      assertThat(slots.await(RankLimits.fixed(2), Set.of(), Duration.ofSeconds(1))).isEqualTo(2);
      assertThatThrownBy(() -> slots.await(RankLimits.fixed(3), Set.of(), Duration.ofMillis(1)))
          .isInstanceOf(ClusterException.class)
          .hasMessageStartingWith(
              "Cannot train with 3 ranks: the cluster offers 2 task slots to each of 3 cells at once"
                  + " after ");
      assertThat(new EvaluationSlots(1).await(slots, 0, 9)).isEqualTo(1);
      assertThat(slots.awaitLeast(Duration.ofSeconds(1))).isEqualTo(2);
      TaskSlots none = new TaskSlots(spark, new SlotShare(8, 1));
      assertThatThrownBy(() -> none.awaitLeast(Duration.ofMillis(1)))
          .as("no run trains with no rank")
          .isInstanceOf(ClusterException.class)
          .hasMessageEndingWith("start more executors or lower --at-once");
      assertThatCode(() -> share.await(spark)).doesNotThrowAnyException();
    }
  }

  @Test
  void whatWillNotBeThereIsRefused() {
    SparkConf conf = new SparkConf(false).setMaster("local[5]");
    assertThat(SlotShare.of(conf, 2, 2)).isEqualTo(new SlotShare(2, 2));
    assertThat(SlotShare.of(conf, 5, 0)).isEqualTo(new SlotShare(5, 1));
    assertThatThrownBy(() -> SlotShare.of(conf, 2, 3))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "Cannot train 2 cells at once: there will be 5 task slots with spark.master=local[5], 2"
                + " for each, and a cell needs 3; start more executors (spark.executor.instances),"
                + " lower --at-once, or set train.world");
    conf.set(OwnSetting.ELASTIC_MIN.key(), "1");
    assertThat(SlotShare.of(conf, 2, 3)).isEqualTo(new SlotShare(2, 1));
    conf.remove(OwnSetting.ELASTIC_MIN.key());
    conf.set(OwnSetting.EVALUATION_SLOTS.key(), "1");
    assertThat(SlotShare.of(conf, 2, 1)).isEqualTo(new SlotShare(2, 2));
    assertThatThrownBy(() -> SlotShare.of(conf, 2, 2)).isInstanceOf(ClusterException.class);
  }
}
