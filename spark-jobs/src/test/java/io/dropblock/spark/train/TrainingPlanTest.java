package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.schedule.Schedule;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  private static final Schedule KEEP = Schedule.parse("linear(1.0, 0.9)");
  private static final Schedule RATE = Schedule.parse("steps(0.1, 0.01 @ 0.5)");

  private final TrainingPlan plan = new TrainingPlan(10, 8, KEEP, RATE, 42);

  @Test
  void aLinearScheduleIsTheReferences() {
    for (int epoch = 0; epoch < 10; epoch++) {
      EpochPlan epochPlan = plan.epoch(epoch);
      for (long step = epochPlan.firstStep(); step < epochPlan.firstStep() + 8; step++) {
        // tensorflow/tpu resnet_main.py: 1 - step / steps * (1 - target)
        assertThat(epochPlan.keepProbability(step)).isCloseTo(1 - step / 80.0 * .1, within(1e-12));
      }
    }
  }

  @Test
  void aJumpBetweenEpochsStaysAJump() {
    assertThat(plan.epoch(4).learningRate(39)).isEqualTo(.1);
    assertThat(plan.epoch(4).learningRate(32)).isEqualTo(.1);
    assertThat(plan.epoch(5).learningRate(40)).isEqualTo(.01);
  }

  @Test
  void aWarmUpThatEndsWithinAnEpochIsNotSmoothed() {
    Schedule rate = Schedule.parse("warm-up(0.25, constant(0.1))");
    EpochPlan only = new TrainingPlan(1, 8, KEEP, rate, 42).epoch(0);
    assertThat(only.learningRate(0)).isZero();
    assertThat(only.learningRate(1)).isCloseTo(.05, within(1e-12));
    assertThat(only.learningRate(2)).isEqualTo(.1);
    assertThat(only.learningRate(7)).isEqualTo(.1);
  }

  @Test
  void countsStepsOverEpochs() {
    assertThat(plan.epoch(0).firstStep()).isZero();
    assertThat(plan.epoch(7).firstStep()).isEqualTo(56);
    assertThat(plan.steps()).isEqualTo(80);
  }

  @Test
  void plansEpochsOfOneStep() {
    EpochPlan only = new TrainingPlan(2, 1, KEEP, RATE, 42).epoch(1);
    assertThat(only.keepProbability(1)).isCloseTo(.95, within(1e-12));
  }

  @Test
  void refusesAStepOfAnotherEpoch() {
    assertThatThrownBy(() -> plan.epoch(1).learningRate(16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid step: 16, epoch 1 has steps 8 to 15");
  }

  @Test
  void refusesToPlanNothing() {
    assertThatThrownBy(() -> new TrainingPlan(0, 8, KEEP, RATE, 42))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot plan 0 epochs of 8 steps");
  }
}
