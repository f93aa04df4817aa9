package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.LabelledJobs;
import io.dropblock.spark.data.LocalSpark;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class JobLabelTest {

  @Test
  void jobsAndTheirStagesSayWhatTheyAreAndNoOthers() {
    try (JavaSparkContext spark = LocalSpark.start(1)) {
      JobLabel label = new JobLabel("training", "train epoch 3", "epoch 3 of 20");
      assertThat(
              label.during(
                  spark, () -> spark.parallelize(List.of(1, 2), 1).repartition(1).collect()))
          .containsExactly(1, 2);
      spark.parallelize(List.of(1), 1).collect();
      List<String> jobs = LabelledJobs.of(spark);
      assertThat(jobs).hasSize(2);
      assertThat(jobs.get(0)).isEqualTo("training | train epoch 3 | epoch 3 of 20");
      assertThat(jobs.get(1)).startsWith("- | collect at JobLabelTest.java:").endsWith(" | -");
      assertThat(LabelledJobs.stages(spark)).contains("train epoch 3").hasSize(3);
      assertThat(LabelledJobs.stages(spark)).filteredOn("train epoch 3"::equals).hasSize(2);
    }
  }
}
