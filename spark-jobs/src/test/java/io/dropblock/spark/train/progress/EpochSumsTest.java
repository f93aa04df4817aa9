package io.dropblock.spark.train.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.phase.PhaseTimes;
import io.dropblock.spark.data.LocalSpark;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class EpochSumsTest {

  @Test
  void theyComeWithTheResultsOfTasksAndShowNowhere() {
    EpochSums sums = new EpochSums();
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      spark.sc().register(sums);
      spark
          .parallelize(List.of(0, 1), 2)
          .foreachPartition(
              ranks -> {
                RankAttempt rank = RankAttempt.ofThisTask("job");
                for (int step = 0; step < 3; step++) {
                  sums.add(
                      new StepReport(
                          rank,
                          step,
                          // rank 1 has twice as many
                          1 + TaskContext.getPartitionId(),
                          step + 10 * TaskContext.getPartitionId(),
                          .5,
                          PhaseTimes.NONE,
                          2,
                          10 * step,
                          0),
                      step > 0,
                      Map.of("b", new SiteSums(.75, step), "a", new SiteSums(.5, .25)));
                }
              });
      assertThat(sums.name().isDefined()).isFalse();
    }
    assertThat(sums.value())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(sums(0, 1, 3), sums(1, 2, 66));
    assertThat(sums.meanOfSites())
        .containsOnly(Map.entry("a", new SiteSums(.5, .25)), Map.entry("b", new SiteSums(.75, 1)));
    assertThat(sums.meanLoss()).isEqualTo((3 + 2 * 33) / 9.0);
    assertThat(sums.meanKeptFraction()).isEqualTo(.5);
    sums.reset();
    assertThat(sums.isZero()).isTrue();
    assertThat(sums.meanLoss()).isNaN();
  }

  private static RankSums sums(int rank, int batches, double loss) {
    return new RankSums(
        rank,
        "localhost",
        "driver",
        3,
        3 * batches,
        loss,
        1.5 * batches,
        PhaseTimes.NONE,
        6,
        20,
        1,
        Map.of(
            "a",
            new SiteSums(1.5 * batches, .75 * batches),
            "b",
            new SiteSums(2.25 * batches, 3 * batches)));
  }
}
