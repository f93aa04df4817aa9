package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.schedule.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingPlanTest {
  private static final Schedule KEEP = Schedule.parse("linear(1.0, 0.9)");
  private static final Schedule RATE = Schedule.parse("steps(0.1, 0.01 @ 0.5)");

  private static final String BY_EPOCHS =
      "warm-up(epoch 5, steps(0.4, 0.04 @ epoch 125, 0.004 @ epoch 200, 0.0004 @ epoch 250))";
  private static final String BY_SHARES =
      "warm-up(0.018518518518518517, steps(0.4, 0.04 @ 0.46296296296296297,"
          + " 0.004 @ 0.7407407407407407, 0.0004 @ 0.9259259259259259))";

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

  /** By hand: updates behind steps 3 and 6 of each epoch of 8, (1 + t) / (10 + t) up to 0.5. */
  @Test
  void theMovingAverageCountsStepsWithinEachEpoch() {
    TrainingPlan averaged =
        new TrainingPlan(10, 8, 8, KEEP, RATE, 42, Optional.of(new WeightAverage(.5, 3)));
    assertThat(decays(averaged.epoch(0)))
        .containsExactly(null, null, 2 / 11., null, null, 3 / 12., null, null);
    assertThat(decays(averaged.epoch(1)))
        .containsExactly(null, null, 4 / 13., null, null, 5 / 14., null, null);
    assertThat(decays(averaged.epoch(9)))
        .containsExactly(null, null, .5, null, null, .5, null, null);
    assertThat(decays(plan.epoch(9))).containsOnlyNulls();
    assertThatThrownBy(
            () -> new TrainingPlan(10, 8, 8, KEEP, RATE, 42, Optional.of(new WeightAverage(.5, 9))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot average weights every 9 steps: an epoch has 8");
    assertThatThrownBy(() -> new WeightAverage(1, 1)).hasMessageContaining("not in [0, 1)");
    assertThatThrownBy(() -> new WeightAverage(.5, 0))
        .hasMessage("Cannot average weights every 0 steps");
  }

  private static List<Double> decays(EpochPlan epoch) {
    return LongStream.rangeClosed(epoch.firstStep(), epoch.lastStep())
        .mapToObj(epoch::averageDecay)
        .map(decay -> decay.isPresent() ? decay.getAsDouble() : null)
        .collect(Collectors.toList());
  }

  @Test
  void aJumpBetweenEpochsStaysAJump() {
    assertThat(plan.epoch(4).learningRate(39)).isEqualTo(.1);
    assertThat(plan.epoch(4).learningRate(32)).isEqualTo(.1);
    assertThat(plan.epoch(5).learningRate(40)).isEqualTo(.01);
  }

  /** The reference's epoch is 1281167 / 1024 steps (tensorflow/tpu resnet_main.py), ours 1251. */
  @ParameterizedTest
  @ValueSource(strings = {BY_EPOCHS, BY_SHARES})
  void theRateDropsAtTheReferencesSteps(String text) {
    Schedule rate = Schedule.parse(text);
    TrainingPlan paper = new TrainingPlan(270, 1251, 1281167 / 1024., KEEP, rate, 42);
    double epoch = 1281167 / 1024.;
    long[] drops = {156_393, 250_228, 312_785};
    double[] rates = {.4, .04, .004, .0004};
    int[] epochs = {125, 200, 250};
    for (int drop = 0; drop < 3; drop++) {
      assertThat((drops[drop] - 1) / epoch).isLessThan(epochs[drop]);
      assertThat(drops[drop] / epoch).isGreaterThanOrEqualTo(epochs[drop]);
      assertThat(paper.learningRateAt(drops[drop] - 1)).isEqualTo(rates[drop]);
      assertThat(paper.learningRateAt(drops[drop])).isEqualTo(rates[drop + 1]);
    }
    assertThat(paper.learningRateAt(6255)).isLessThan(.4);
    assertThat(paper.learningRateAt(6256)).isEqualTo(.4);
    EpochPlan epoch125 = paper.epoch(125);
    assertThat(epoch125.learningRate(156_392)).isEqualTo(.4);
    assertThat(epoch125.learningRate(156_393)).isEqualTo(.04);
    // its keep probability goes by the 337,770 steps of the run
    assertThat(paper.keepProbabilityAt(168_885)).isCloseTo(.95, within(1e-12));
  }

  /** By passes over the images: 2.4 epochs of ImageNet are 3002.7 steps of the reference's. */
  @Test
  void anExponentialFallsByEpochsOfImages() {
    Schedule rate = Schedule.parse("exponential(1, 0.5, every 2.4 epochs, staircase)");
    for (int epochs : new int[] {5, 48, 340}) {
      TrainingPlan run = new TrainingPlan(epochs, 1251, 1281167 / 1024., KEEP, rate, 42);
      assertThat(run.learningRateAt(3002)).isEqualTo(1);
      assertThat(run.learningRateAt(3003)).isEqualTo(.5);
      assertThat(run.learningRateAt(6005)).isEqualTo(.5);
      assertThat(run.learningRateAt(6006)).isEqualTo(.25);
    }
    TrainingPlan shares =
        new TrainingPlan(
            4, 10, 10.9, KEEP, Schedule.parse("exponential(1, 0.5, every 0.25, staircase)"), 42);
    assertThat(shares.learningRateAt(9)).isEqualTo(1);
    assertThat(shares.learningRateAt(10)).isEqualTo(.5);
  }

  @Test
  void aRateThatFallsOverTheWholeRunGoesByItsSteps() {
    Schedule rate = Schedule.parse("warm-up(0.25, linear(0.1, 0.0))");
    TrainingPlan run = new TrainingPlan(4, 10, 10.9, KEEP, rate, 42);
    assertThat(run.learningRateAt(30)).isCloseTo(.025, within(1e-12));
  }

  @Test
  void aChangeAtTheLastEpochComesHoweverFewImagesThereAre() {
    Schedule rate = Schedule.parse("steps(0.1, 0.01 @ 0.75)");
    TrainingPlan few = new TrainingPlan(4, 2, 2.9, KEEP, rate, 42);
    assertThat(few.learningRateAt(5)).isEqualTo(.1);
    assertThat(few.learningRateAt(6)).isEqualTo(.01);
    TrainingPlan more = new TrainingPlan(4, 4, 4.9, KEEP, rate, 42);
    assertThat(more.learningRateAt(14)).isEqualTo(.1);
    assertThat(more.learningRateAt(15)).isEqualTo(.01);
  }

  /** What runs of before have in their recipes: every rate is the same double. */
  @Test
  void epochsAndTheirSharesAreTheSameToTheBit() {
    double batches = 1281167 / 1024.;
    TrainingPlan epochs = new TrainingPlan(270, 1251, batches, KEEP, Schedule.parse(BY_EPOCHS), 42);
    TrainingPlan shares = new TrainingPlan(270, 1251, batches, KEEP, Schedule.parse(BY_SHARES), 42);
    for (long step = 0; step < epochs.steps(); step++) {
      assertThat(epochs.learningRateAt(step)).isEqualTo(shares.learningRateAt(step));
    }
  }

  @Test
  void moreEpochsMoveNothingAtGivenEpochs() {
    double batches = 1281167 / 1024.;
    for (int epochs : new int[] {251, 270, 271, 300, 1000, 20_000}) {
      TrainingPlan longer =
          new TrainingPlan(epochs, 1251, batches, KEEP, Schedule.parse(BY_EPOCHS), 42);
      assertThat(longer.learningRateAt(6255)).isLessThan(.4);
      assertThat(longer.learningRateAt(6256)).isEqualTo(.4);
      assertThat(longer.learningRateAt(156_392)).isEqualTo(.4);
      assertThat(longer.learningRateAt(156_393)).isEqualTo(.04);
      assertThat(longer.learningRateAt(312_784)).isEqualTo(.004);
      assertThat(longer.learningRateAt(312_785)).isEqualTo(.0004);
    }
    // seven tenths of a batch are left over: epoch 6 of the images begins two epochs of steps late
    for (int epochs : new int[] {7, 8, 100}) {
      TrainingPlan few =
          new TrainingPlan(epochs, 2, 2.7, KEEP, Schedule.parse("steps(0.1, 0.01 @ epoch 6)"), 42);
      assertThat(few.learningRateAt(11)).isEqualTo(.1);
      assertThat(few.learningRateAt(12)).isEqualTo(.01);
    }
  }

  @Test
  void aKeepProbabilityChangesWithTheFirstStepOfItsEpoch() {
    Schedule keep = Schedule.parse("steps(1.0, 0.9 @ epoch 3)");
    for (int epochs : new int[] {4, 5, 7, 300}) {
      TrainingPlan run = new TrainingPlan(epochs, 7, 7.9, keep, RATE, 42);
      assertThat(run.keepProbabilityAt(20)).isEqualTo(1);
      assertThat(run.keepProbabilityAt(21)).isEqualTo(.9);
    }
  }

  @Test
  void aWarmUpByEpochsEndsWithThemWhateverFollows() {
    Schedule rate = Schedule.parse("warm-up(epoch 2, linear(0.1, 0.0))");
    TrainingPlan run = new TrainingPlan(8, 10, 10.9, KEEP, rate, 42);
    assertThat(run.learningRateAt(19)).isCloseTo(.95 * .1 * 61 / 80, within(1e-12));
    assertThat(run.learningRateAt(20)).isCloseTo(.1 * 60 / 80, within(1e-12));
  }

  @Test
  void refusesEpochsThatTheRunDoesNotReach() {
    Schedule late = Schedule.parse("steps(0.9, 0.8 @ epoch 10)");
    String message =
        "Cannot place steps(0.9, 0.8 @ epoch 10) in a run: epoch 10 of 10, which count from 0; train longer, or place it earlier";
    assertThatThrownBy(() -> new TrainingPlan(10, 8, KEEP, late, 42)).hasMessage(message);
    assertThatThrownBy(() -> new TrainingPlan(10, 8, late, RATE, 42)).hasMessage(message);
  }

  @Test
  void refusesMoreStepsThanThereAreImagesFor() {
    assertThatThrownBy(() -> new TrainingPlan(1, 8, 7.5, KEEP, RATE, 42))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot plan epochs of 8 steps: the data set has 7.5 batches only");
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
