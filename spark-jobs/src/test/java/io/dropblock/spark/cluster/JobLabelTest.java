package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.LabelledJobs;
import io.dropblock.spark.data.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
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

  /** The other one begins, and ends, while the first is at work. */
  @Test
  void twoThreadsHaveALabelEach() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      JobLabel first = new JobLabel("training", "train epoch 2", "epoch 2 of 3");
      JobLabel other = new JobLabel("training", "evaluate epoch 1", "evaluation");
      first.during(
          spark,
          () -> {
            // begun under a label
            Thread beside = new Thread(() -> other.during(spark, () -> count(spark)));
            beside.start();
            join(beside);
            count(spark);
          });
      assertThat(LabelledJobs.of(spark))
          .containsExactly(
              "training | evaluate epoch 1 | evaluation",
              "training | train epoch 2 | epoch 2 of 3");
    }
  }

  /** A thread that is begun by another is of its run. */
  @Test
  void jobsOfARunAreKnownAndNamed() {
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      List<Boolean> own = new ArrayList<>();
      try (RunJobs jobs = RunJobs.begin(spark, Optional.of("one"))) {
        spark
            .sc()
            .addSparkListener(
                new SparkListener() {
                  @Override
                  public void onJobStart(SparkListenerJobStart start) {
                    own.add(jobs.own(start.properties()));
                  }
                });
        Thread beside =
            new Thread(
                () ->
                    new JobLabel("training", "evaluate epoch 1", "evaluation")
                        .during(spark, () -> count(spark)));
        beside.start();
        join(beside);
      }
      new JobLabel("training", "train epoch 1", "epoch 1 of 1").during(spark, () -> count(spark));
      assertThat(LabelledJobs.of(spark))
          .containsExactly(
              "training | evaluate epoch 1 | one · evaluation",
              "training | train epoch 1 | epoch 1 of 1");
      assertThat(own).containsExactly(true, false);
    }
  }

  private static void count(JavaSparkContext spark) {
    assertThat(spark.parallelize(List.of(1, 2), 1).count()).isEqualTo(2);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
