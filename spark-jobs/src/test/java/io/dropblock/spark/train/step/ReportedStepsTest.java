package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.Reports;
import io.dropblock.spark.train.progress.StepReport;
import org.junit.jupiter.api.Test;

class ReportedStepsTest {
  private static final int STEPS = 6;
  private static final EpochPlan PLAN =
      new TrainingPlan(
              2, STEPS, Schedule.parse("linear(1.0, 0.4)"), Schedule.parse("linear(0.6, 0.0)"), 7)
          .epoch(1);

  private final ReportedSteps steps =
      new ReportedSteps(PLAN, new RankFeed(null, null, null, Slots.ofRanks(2, 1, 4), 2, 1), 0);

  @Test
  void aSliceIsOfTheStepsThatAllRanksHaveDone() {
    add(0, 10, 6, 1);
    add(0, 10, 7, 2);
    add(0, 10, 8, 3);
    assertThat(steps.take()).isEmpty();
    add(1, 11, 6, 3);
    add(1, 11, 7, 4);
    RunEvent.Steps slice = steps.take().orElseThrow();
    assertThat(slice.epoch()).isEqualTo(1);
    assertThat(slice.step()).isEqualTo(7);
    assertThat(slice.steps()).isEqualTo(2);
    assertThat(slice.loss()).isEqualTo(2.5);
    assertThat(slice.keptFraction()).isEqualTo(.5);
    assertThat(slice.keepProbability()).isEqualTo(PLAN.keepProbability(7));
    assertThat(slice.learningRate()).isEqualTo(PLAN.learningRate(7));
    assertThat(slice.imagesPerSecond()).isEqualTo(2 * 8 / .05);
    assertThat(steps.take()).isEmpty();
    add(1, 11, 8, 5);
    RunEvent.Steps next = steps.take().orElseThrow();
    assertThat(next.loss()).isEqualTo(4);
    assertThat(next.steps()).isEqualTo(1);
    assertThat(next.imagesPerSecond()).isEqualTo(8 / .05);
    assertThat(steps.areComplete()).isFalse();
  }

  /** A rank of an attempt that failed and one of the next are not both ranks. */
  @Test
  void anAttemptThatFailedIsForgotten() {
    steps.add(Reports.of("job", 0, 0, 10, 6, 8));
    steps.add(Reports.of("job", 0, 1, 12, 6, 2));
    assertThat(steps.take()).isEmpty();
    steps.add(Reports.of("job", 1, 0, 11, 6, 6));
    assertThat(steps.take()).as("late news of the attempt that failed").isEmpty();
    steps.add(Reports.of("job", 1, 1, 13, 6, 4));
    assertThat(steps.take().orElseThrow().loss()).isEqualTo(3);
  }

  /** As of the stock master, where Spark tries a single rank again. */
  @Test
  void aTaskThatIsTriedAgainReportsOnce() {
    add(0, 10, 6, 1);
    add(0, 10, 7, 100);
    add(1, 11, 6, 3);
    add(1, 11, 7, 4);
    add(0, 12, 6, 1);
    assertThat(steps.take().orElseThrow().step()).isEqualTo(6);
    add(0, 12, 7, 2);
    assertThat(steps.take().orElseThrow().loss()).isEqualTo(3);
  }

  @Test
  void aStepIsToldOfOnceWhateverIsTriedAgain() {
    add(0, 10, 6, 1);
    add(1, 11, 6, 3);
    assertThat(steps.take().orElseThrow().step()).isEqualTo(6);
    steps.add(Reports.of("job", 0, 1, 12, 6, 1));
    steps.add(Reports.of("job", 1, 1, 13, 6, 3));
    assertThat(steps.take()).isEmpty();
    steps.add(Reports.of("job", 0, 1, 12, 7, 1));
    steps.add(Reports.of("job", 1, 1, 13, 7, 3));
    assertThat(steps.take().orElseThrow().step()).isEqualTo(7);
  }

  /** The next round of the stock master, which is a stage of its own. */
  @Test
  void ranksGoOnInOtherTasks() {
    add(0, 10, 6, 1);
    add(1, 11, 6, 3);
    add(0, 12, 7, 5);
    add(1, 13, 7, 7);
    assertThat(steps.take().orElseThrow().loss()).isEqualTo(4);
  }

  @Test
  void aReportThatGotLostStopsNothing() {
    add(0, 10, 6, 1);
    add(1, 11, 7, 3);
    add(0, 10, 8, 2);
    add(1, 11, 8, 3);
    RunEvent.Steps slice = steps.take().orElseThrow();
    assertThat(slice.step()).isEqualTo(8);
    assertThat(slice.loss()).isEqualTo(9 / 4.0);
  }

  /** Where the world does not divide the slots. */
  @Test
  void aMeanIsOverMicroBatches() {
    steps.add(Reports.of(0, 10, 6, 1));
    steps.add(Reports.ofBatches(3, 1, 11, 6, 5));
    assertThat(steps.take().orElseThrow().loss()).isEqualTo((1 + 3 * 5) / 4.0);
  }

  @Test
  void theLastStepIsTheEnd() {
    for (long step = PLAN.firstStep(); step <= PLAN.lastStep(); step++) {
      assertThat(steps.areComplete()).isFalse();
      add(0, 10, step, 1);
      add(1, 11, step, 1);
    }
    assertThat(steps.areComplete()).isTrue();
    assertThat(steps.take().orElseThrow().step()).isEqualTo(PLAN.lastStep());
  }

  private void add(int rank, long task, long step, double loss) {
    StepReport report = Reports.of(rank, task, step, loss);
    steps.add(report);
  }
}
