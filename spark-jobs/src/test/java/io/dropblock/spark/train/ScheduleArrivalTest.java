package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.DropPath;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.train.StepProbe.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keep probability and learning rate as the ranks of a whole run of the trainer have them. */
class ScheduleArrivalTest {
  private static final int WORLD = 2;
  private static final int EPOCHS = 3;
  private static final int STEPS_PER_EPOCH = 6;
  private static final int LAST_STEP = EPOCHS * STEPS_PER_EPOCH;

  @TempDir private Path folder;

  @Test
  void everyRankHasThePlannedValuesFromTheFirstStepOfAnEpochToItsLast() throws IOException {
    SmallRun run =
        new SmallRun(WORLD, 8, EPOCHS, "linear(0.9, 0.5)", "warm-up(0.25, linear(0.08, 0.02))");
    StepProbe.READINGS.clear();
    try (JavaSparkContext spark = LocalSpark.start(WORLD)) {
      run.train(spark, folder, SmallRun.store(folder, 100), network(), folder.resolve("run"));
    }

    for (int rank = 0; rank < WORLD; rank++) {
      List<Reading> steps = ofRank(rank);
      assertThat(steps)
          .extracting(Reading::step)
          .containsExactlyElementsOf(IntStream.range(0, LAST_STEP).boxed().toList());
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        int first = epoch * STEPS_PER_EPOCH;
        assertPlanned(steps.get(first), epoch, first);
        int last = first + STEPS_PER_EPOCH - 1;
        assertPlanned(steps.get(last), epoch, last);
      }
    }
  }

  private static List<Reading> ofRank(int rank) {
    return StepProbe.READINGS.stream().filter(reading -> reading.rank() == rank).toList();
  }

  private static void assertPlanned(Reading reading, int epoch, int step) {
    double progress = (double) step / LAST_STEP;
    double rate = (.08 - .06 * progress) * Math.min(1, progress / .25);
    assertThat(reading.epoch()).isEqualTo(epoch);
    assertThat(reading.keepProbability())
        .as("%s", reading)
        .isCloseTo(.9 - .4 * progress, within(1e-6));
    assertThat(reading.learningRate()).as("%s", reading).isCloseTo(rate, within(1e-12));
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph ->
            graph
                .addVertex("drop", new DropPath(), "conv")
                .addVertex("last", new StepProbe(), "conv", "drop"));
  }
}
