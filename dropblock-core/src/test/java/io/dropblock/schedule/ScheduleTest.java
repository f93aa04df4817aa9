package io.dropblock.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  private static final List<Schedule> ONE_OF_EACH =
      List.of(
          new Constant(0.9),
          new Linear(1, 0.9),
          new Steps(0.1, List.of(new Steps.Change(0.01, 0.5), new Steps.Change(0.001, 0.75))),
          new Exponential(0.64, 0.97, new Period.Share(0.01), false, 0),
          new Exponential(0.64, 0.5, new Period.Share(0.1), true, 0.01),
          new Cosine(0.5, 0.1),
          new Cosine(0.5, -1, new Place.Share(0.3)),
          new WarmUp(0.05, new Linear(1, 0.9)),
          new WarmUp(0.05, new Exponential(0.64, 0.97, new Period.Share(0.01), true, 0)),
          new WarmUp(new Place.Share(0.3), 0.7, new Linear(1, 0.9)));

  /** Oracle T13: keep = 1 - step / T * (1 - 0.9), T = 112,590, clamped where TensorFlow is not. */
  @Test
  void keepProbabilityFollowsThePaperAndStaysAtItsTarget() {
    Schedule keep = new Linear(1, 0.9);
    double steps = 112_590;

    assertThat(keep.at(0)).isEqualTo(1.0);
    assertThat(keep.at(56_295 / steps)).isCloseTo(0.95, within(1e-15));
    assertThat(keep.at(1)).isEqualTo(0.9);
    assertThat(keep.at(168_885 / steps)).isEqualTo(0.9);
    assertThat(1 - (1 - keep.at(1)) / 4).isCloseTo(0.975, within(1e-15));
  }

  /** 0.4 at batch 1024, 5 epochs of warm-up, divided by ten at epochs 125, 200 and 250 of 270. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "warm-up(epoch 5, steps(0.4, 0.04 @ epoch 125, 0.004 @ epoch 200, 0.0004 @ epoch 250))",
        "warm-up(0.018518518518518517, steps(0.4, 0.04 @ 0.46296296296296297,"
            + " 0.004 @ 0.7407407407407407, 0.0004 @ 0.9259259259259259))"
      })
  void learningRateOfThePaperChangesAtTheFirstStepOfItsEpochs(String text) {
    Schedule rate = Schedule.parse(text).over(270);

    for (long stepsInEpoch : new long[] {1, 7, 1_251, 1_252, 40_037}) {
      double total = 270 * stepsInEpoch;
      assertThat(rate.at(0)).isZero();
      assertThat(rate.at((5 * stepsInEpoch - 1) / total)).isLessThan(0.4);
      assertThat(rate.at(5 * stepsInEpoch / total)).isEqualTo(0.4);
      assertThat(rate.at((125 * stepsInEpoch - 1) / total)).isEqualTo(0.4);
      assertThat(rate.at(125 * stepsInEpoch / total)).isEqualTo(0.04);
      assertThat(rate.at((200 * stepsInEpoch - 1) / total)).isEqualTo(0.04);
      assertThat(rate.at(200 * stepsInEpoch / total)).isEqualTo(0.004);
      assertThat(rate.at((250 * stepsInEpoch - 1) / total)).isEqualTo(0.004);
      assertThat(rate.at(250 * stepsInEpoch / total)).isEqualTo(0.0004);
    }
  }

  @Test
  void epochsAreTheNearestSharesOfTheRun() {
    Schedule rate =
        Schedule.parse("warm-up(epoch 5, from 0.1, steps(0.4, 0.04 @ epoch 125, 0.004 @ 0.75))");

    assertThat(rate.over(270))
        .isEqualTo(
            new WarmUp(
                new Place.Share(5 / 270.0),
                0.1,
                new Steps(
                    0.4,
                    List.of(new Steps.Change(0.04, 125 / 270.0), new Steps.Change(0.004, 0.75)))));
    assertThat(rate.over(270).over(3)).isEqualTo(rate.over(270));
    assertThat(rate.lastEpoch()).hasValue(125);
    assertThat(rate.over(270).lastEpoch()).isEmpty();
    assertThat(Schedule.parse("warm-up(epoch 7, steps(1, 2 @ epoch 3))").lastEpoch()).hasValue(7);
    for (Schedule schedule : ONE_OF_EACH) {
      assertThat(schedule.over(3)).isEqualTo(schedule);
    }
  }

  @Test
  void epochsBeyondTheRunAreRefused() {
    Schedule steps = Schedule.parse("steps(0.4, 0.04 @ epoch 300)");
    assertThatThrownBy(() -> steps.over(270))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot place "
                + steps
                + " in a run: epoch 300 of 270, which count from 0; train longer, or place it earlier");
    assertThatThrownBy(() -> steps.over(300)).hasMessageContaining("epoch 300 of 300");
    steps.over(301);

    Schedule warmUp = Schedule.parse("warm-up(epoch 5, 0.4)");
    assertThatThrownBy(() -> warmUp.over(4))
        .hasMessage(
            "Cannot place "
                + warmUp
                + " in a run: epoch 5 of 4, which count from 0; train longer, or place it earlier");
    assertThat(warmUp.over(5)).isEqualTo(new WarmUp(1, new Constant(0.4)));
    assertThatThrownBy(() -> new WarmUp(0.5, steps).over(270)).hasMessageContaining("300 of 270");

    Schedule mixed = Schedule.parse("steps(3, 2 @ 0.5, 1 @ epoch 3)");
    assertThat(mixed.over(5).at(0.6)).isEqualTo(1);
    assertThatThrownBy(() -> mixed.over(10))
        .hasMessage("Invalid steps boundary: 0.3 after 0.5, boundaries must ascend");
  }

  @Test
  void epochsHaveNoValueBeforeItIsKnownOfHowMany() {
    for (String text :
        List.of(
            "steps(0.4, 0.04 @ epoch 3)",
            "exponential(0.4, 0.9, every 2.4 epochs)",
            "cosine(0.4, 0.0, from epoch 3)",
            "warm-up(epoch 5, constant(0.4))")) {
      assertThatThrownBy(() -> Schedule.parse(text).at(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot evaluate " + text + ": it names epochs, say of how many with over");
    }
  }

  @Test
  void progressIsClampedAndNaNRefused() {
    for (Schedule schedule : ONE_OF_EACH) {
      assertThat(schedule.at(-3)).isEqualTo(schedule.at(0));
      assertThat(schedule.at(7)).isEqualTo(schedule.at(1));
      assertThat(schedule.at(Double.POSITIVE_INFINITY)).isEqualTo(schedule.at(1));
      assertThatThrownBy(() -> schedule.at(Double.NaN))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot evaluate " + schedule + " at progress NaN");
    }
  }

  @Test
  void valuesStayWithinTheBounds() {
    for (Schedule schedule : ONE_OF_EACH) {
      for (int i = 0; i <= 1_000; i++) {
        assertThat(schedule.at(i / 1_000.0)).isBetween(schedule.lowest(), schedule.highest());
      }
    }
    assertThat(new Linear(0.9, 0.9).at(0.3)).isEqualTo(0.9);
    assertThat(new Linear(-Double.MAX_VALUE, Double.MAX_VALUE).at(0.5)).isZero();
    assertThat(new WarmUp(0.5, new Linear(-1, -2)).highest()).isZero();
  }

  @Test
  void warmUpScalesTheInnerScheduleAtTheSameProgress() {
    Schedule schedule = new WarmUp(0.5, new Linear(1, 0));

    assertThat(schedule.at(0.25)).isEqualTo(0.75 * 0.5);
    assertThat(schedule.at(0.5)).isEqualTo(0.5);
    assertThat(schedule.at(0.75)).isEqualTo(0.25);
    assertThat(new WarmUp(1, new Constant(3)).at(1)).isEqualTo(3);
  }

  /** The public code of RetinaNet: {@code start + step / length * (rate - start)}. */
  @Test
  void warmUpGoesStraightFromItsStart() {
    Schedule schedule = new WarmUp(new Place.Share(0.5), 0.002, new Constant(0.02));

    assertThat(schedule.at(0)).isEqualTo(0.002);
    for (int step = 0; step < 10; step++) {
      assertThat(schedule.at(step / 20.0)).isCloseTo(0.002 + step / 10.0 * 0.018, within(1e-15));
    }
    assertThat(schedule.at(0.5)).isEqualTo(0.02);
    assertThat(schedule.lowest()).isEqualTo(0.002);
    Schedule falls = new WarmUp(new Place.Share(0.5), 3, new Constant(1));
    assertThat(falls.highest()).isEqualTo(3);
    assertThat(falls.at(0.25)).isEqualTo(2);
  }

  @Test
  void travelsToTheRanks() throws Exception {
    for (Schedule schedule : ONE_OF_EACH) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(schedule);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(schedule);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void valuesThatAreNoNumbersAreRefused(double value) {
    assertThatThrownBy(() -> new Constant(value))
        .hasMessage("Invalid constant value: " + value + ", must be a finite number");
    assertThatThrownBy(() -> new Linear(value, 1))
        .hasMessage("Invalid linear start: " + value + ", must be a finite number");
    assertThatThrownBy(() -> new Linear(1, value))
        .hasMessage("Invalid linear end: " + value + ", must be a finite number");
    assertThatThrownBy(() -> new Steps(value, List.of(new Steps.Change(1, 0.5))))
        .hasMessage("Invalid steps value: " + value + ", must be a finite number");
    assertThatThrownBy(() -> new Steps.Change(value, 0.5))
        .hasMessage("Invalid steps value: " + value + ", must be a finite number");
    assertThatThrownBy(() -> new Steps.Change(1, value))
        .hasMessage("Invalid steps boundary: " + value + ", must be above 0 and below 1");
    assertThatThrownBy(() -> new WarmUp(value, new Constant(1)))
        .hasMessage("Invalid warm-up fraction: " + value + ", must be above 0 and at most 1");
  }

  /** TensorFlow's {@code rate * factor ** (step // decay_steps)}, whole epochs and others. */
  @Test
  void anExponentialInStairsFallsWithTheFirstStepOfEachPeriod() {
    for (double epochs : new double[] {1, 2, 2.4, 0.2}) {
      Schedule rate =
          Schedule.parse("exponential(0.64, 0.9, every " + epochs + " epochs, staircase)");
      for (int run : new int[] {3, 48, 340}) {
        Schedule inRun = rate.over(run);
        for (long stepsInEpoch : new long[] {5, 625, 5_005}) {
          long total = run * stepsInEpoch;
          long period = Math.round(epochs * stepsInEpoch);
          for (long step = 0; step < total; step += Math.max(1, total / 3_000)) {
            assertStair(inRun, step, total, period);
          }
          for (long stair = period; stair < total; stair += period) {
            assertStair(inRun, stair - 1, total, period);
            assertStair(inRun, stair, total, period);
          }
        }
      }
    }
  }

  private static void assertStair(Schedule rate, long step, long total, long period) {
    assertThat(rate.at((double) step / total))
        .as("step %d of %d by %d", step, total, period)
        .isCloseTo(.64 * Math.pow(.9, step / period), within(1e-15));
  }

  @Test
  void anExponentialFallsSmoothlyDownToItsFloor() {
    Schedule rate =
        Schedule.parse("exponential(5.12, 0.97, every 2.4 epochs, floor 0.1)").over(340);
    assertThat(rate.at(0)).isEqualTo(5.12);
    assertThat(rate.at(100 / 340.)).isCloseTo(5.12 * Math.pow(.97, 100 / 2.4), within(1e-14));
    assertThat(rate.at(1)).isEqualTo(.1);
    assertThat(rate.lowest()).isEqualTo(.1);
    assertThat(Schedule.parse("exponential(5.12, 0.97, every 2.4 epochs)").lowest()).isZero();
    assertThat(Schedule.parse("exponential(1, 0.5, every 0.25)").lowest()).isEqualTo(1 / 16.);
  }

  /** torchvision's references: CosineAnnealingLR over the epochs behind the warm-up. */
  @Test
  void aCosineIsHalfAWave() {
    Schedule rate = new Cosine(.5, .1);
    assertThat(rate.at(0)).isEqualTo(.5);
    assertThat(rate.at(.25)).isCloseTo(.3 + .2 * Math.sqrt(.5), within(1e-15));
    assertThat(rate.at(.5)).isCloseTo(.3, within(1e-15));
    assertThat(rate.at(1)).isEqualTo(.1);
    Schedule torch =
        Schedule.parse("warm-up(epoch 5, from 0.005, cosine(0.5, 0.0, from epoch 5))").over(25);
    assertThat(torch.lastEpoch()).isEmpty();
    assertThat(torch.at(0)).isEqualTo(.005);
    assertThat(torch.at(2.5 / 25)).isCloseTo(.2525, within(1e-15));
    assertThat(torch.at(5 / 25.)).isEqualTo(.5);
    for (int epoch = 5; epoch < 25; epoch++) {
      double expected = .5 * (1 + Math.cos(Math.PI * (epoch - 5) / 20)) / 2;
      assertThat(torch.at(epoch / 25.)).isCloseTo(expected, within(1e-14));
    }
    Schedule late = Schedule.parse("cosine(0.5, 0, from epoch 5)");
    assertThat(late.lastEpoch()).hasValue(5);
    assertThatThrownBy(() -> late.over(5))
        .hasMessage(
            "Cannot place cosine(0.5, 0.0, from epoch 5) in a run: epoch 5 of 5, which count from 0; train longer, or place it earlier");
  }
}
