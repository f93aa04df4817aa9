package io.dropblock.spark.train.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.phase.PhaseTimes;
import io.dropblock.spark.data.LocalSpark;
import java.util.List;
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
                          step + 10 * TaskContext.getPartitionId(),
                          .5,
                          PhaseTimes.NONE,
                          2,
                          10 * step,
                          0),
                      step > 0);
                }
              });
      assertThat(sums.name().isDefined()).isFalse();
    }
    assertThat(sums.value())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new RankSums(0, "localhost", 3, 3, 1.5, PhaseTimes.NONE, 6, 20, 1),
            new RankSums(1, "localhost", 3, 33, 1.5, PhaseTimes.NONE, 6, 20, 1));
    assertThat(sums.meanLoss()).isEqualTo(6);
    assertThat(sums.meanKeptFraction()).isEqualTo(.5);
    sums.reset();
    assertThat(sums.isZero()).isTrue();
    assertThat(sums.meanLoss()).isNaN();
  }
}
