package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.junit.jupiter.api.Test;

/** Two tasks of a Spark inside this JVM that beats ten times a second. */
class StepProgressTest {
  private static final int WORLD = 2;
  private static final int STEPS = 6;

  @Test
  void tellsOfStepsThatAllRanksHaveDoneWhileTheyGoOn() {
    List<RunEvent> events = new CopyOnWriteArrayList<>();
    TrainingPlan run =
        new TrainingPlan(
            1, STEPS, Schedule.parse("linear(1.0, 0.4)"), Schedule.parse("linear(0.6, 0.0)"), 7);
    EpochPlan plan = run.epoch(0);
    RankFeed feed = new RankFeed(null, null, WORLD, 4, 1, 1);
    try (JavaSparkContext spark =
        LocalSpark.start(WORLD, Map.of("spark.executor.heartbeatInterval", "100ms"))) {
      CollectionAccumulator<StepReport> reports = new CollectionAccumulator<>();
      spark.sc().register(reports, "steps");
      spark.sc().addSparkListener(new StepProgress(plan, feed, reports.id(), 0, events::add));
      spark
          .parallelize(List.of(0, 1), WORLD)
          .foreachPartition(
              ranks -> {
                for (int step = 0; step < STEPS; step++) {
                  reports.add(new StepReport(step, step + TaskContext.getPartitionId(), .5));
                  Thread.sleep(400);
                }
              });
    }
    List<RunEvent.Steps> steps = events.stream().map(RunEvent.Steps.class::cast).toList();
    assertThat(steps).hasSizeGreaterThan(1);
    assertThat(steps.stream().map(RunEvent.Steps::step)).isSorted().doesNotHaveDuplicates();
    RunEvent.Steps first = steps.get(0);
    // a mean over two ranks and the steps 0 to first.step()
    assertThat(first.loss()).isEqualTo((first.step() + 1) / 2.0);
    assertThat(first.keptFraction()).isEqualTo(.5);
    assertThat(first.keepProbability()).isEqualTo(plan.keepProbability(first.step()));
    assertThat(first.learningRate()).isEqualTo(plan.learningRate(first.step()));
    assertThat(first.imagesPerSecond()).isPositive();
  }
}
