package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.cluster.AnyExecutor;
import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.data.LocalSpark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** A cluster without a worker: no executor ever comes. */
class NoExecutorTest {
  private static final String REASON =
      "Cannot run tasks: local-cluster[0,1,1024] has given no executor for ";

  @Test
  void nobodyWaitsForEver() {
    Map<String, String> settings =
        Map.of(
            "spark.master", "local-cluster[0,1,1024]",
            "spark.dropblock.recovery.patience", "1s");
    try (JavaSparkContext spark = LocalSpark.start(1, settings)) {
      List<Duration> waited = new ArrayList<>();
      assertThatThrownBy(() -> new AnyExecutor(spark).await(waited::add))
          .isInstanceOf(ClusterException.class)
          .hasMessageStartingWith(REASON)
          .hasMessageEndingWith("of heap, see the cluster's own pages and logs");
      assertThat(waited).isSorted().hasSizeGreaterThan(1);
      waited.clear();
      JobProgress progress =
          new JobProgress() {
            @Override
            public void shards(int done, int all) {}

            @Override
            public void waiting(Duration missing) {
              waited.add(missing);
            }
          };
      assertThatThrownBy(() -> new WatchedJob("prepare x", progress).run(spark, List.of(1), i -> i))
          .isInstanceOf(ClusterException.class)
          .hasMessageStartingWith(REASON);
      assertThat(waited).isNotEmpty();
    }
  }
}
