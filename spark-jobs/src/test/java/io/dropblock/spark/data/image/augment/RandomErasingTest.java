package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomErasingTest {
  private static final int SIZE = 100;
  private static final int TRIALS = 8_000;

  /** Left, top, right, bottom of what is 0; null where nothing is. */
  private static int[] erased(double probability, long seed) {
    byte[] white = new byte[3 * SIZE * SIZE];
    Arrays.fill(white, (byte) 255);
    float[] out = new float[white.length];
    new RandomErasing(new CentreCrop(SIZE), probability)
        .apply(
            new Image(SIZE, SIZE, white),
            KeyedRandom.of(5, seed),
            Normalization.IMAGENET,
            FloatBuffer.wrap(out),
            0);
    int[] box = {SIZE, SIZE, 0, 0};
    int zeros = 0;
    for (int i = 0; i < out.length; i++) {
      if (out[i] == 0) {
        int x = i % SIZE;
        int y = i / SIZE % SIZE;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x + 1);
        box[3] = Math.max(box[3], y + 1);
        zeros++;
      }
    }
    if (zeros == 0) {
      return null;
    }
    // a rectangle in all three channels, and nothing else
    assertThat(zeros).isEqualTo(3 * (box[2] - box[0]) * (box[3] - box[1]));
    return box;
  }

  /**
   * Shares are uniform in [0.02, 0.33], logarithms of ratios in [log 0.3, log 3.3], both of those
   * rectangles only that are smaller than the square; against the sums of that over a fine grid.
   */
  @Test
  void sharesRatiosAndPlacesFollowTheirFormulas() {
    double[] shares = new double[10];
    double[] ratios = new double[10];
    double all = 0;
    int grid = 400;
    for (int i = 0; i < grid; i++) {
      for (int j = 0; j < grid; j++) {
        double share = 0.02 + (i + 0.5) / grid * 0.31;
        double ratio = Math.exp(Math.log(0.3) + (j + 0.5) / grid * Math.log(11));
        if (Math.rint(SIZE * Math.sqrt(share * ratio)) < SIZE
            && Math.rint(SIZE * Math.sqrt(share / ratio)) < SIZE) {
          shares[i * 10 / grid]++;
          ratios[j * 10 / grid]++;
          all++;
        }
      }
    }
    double[] shareCounts = new double[10];
    double[] ratioCounts = new double[10];
    double[] columns = new double[10];
    double[] rows = new double[10];
    for (int seed = 0; seed < TRIALS; seed++) {
      int[] box = erased(1, seed);
      int width = box[2] - box[0];
      int height = box[3] - box[1];
      assertThat(Math.max(width, height)).isLessThan(SIZE);
      shareCounts[bin((width * height / 1e4 - 0.02) / 0.31)]++;
      ratioCounts[bin(Math.log(height / 0.3 / width) / Math.log(11))]++;
      columns[bin((box[0] + 0.5) / (SIZE - width + 1))]++;
      rows[bin((box[1] + 0.5) / (SIZE - height + 1))]++;
    }
    for (int i = 0; i < 10; i++) {
      // whole pixels move some over a border
      assertShare(shareCounts[i], shares[i] / all, 0.006);
      assertShare(ratioCounts[i], ratios[i] / all, 0.006);
      assertShare(columns[i], 0.1, 0.003);
      assertShare(rows[i], 0.1, 0.003);
    }
  }

  private static int bin(double place) {
    return Math.min(Math.max((int) (10 * place), 0), 9);
  }

  private static void assertShare(double count, double share, double rounding) {
    double deviation = Math.sqrt(share * (1 - share) / TRIALS);
    assertThat(Math.abs(count / TRIALS - share)).isLessThan(4 * deviation + rounding);
  }

  @Test
  void erasesAsOftenAsItSays() {
    int count = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      count += erased(0.1, seed) == null ? 0 : 1;
    }
    assertShare(count, 0.1, 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void refusesWhatIsNoProbability(double probability) {
    assertThatThrownBy(() -> new RandomErasing(new CentreCrop(SIZE), probability))
        .hasMessage(
            "Invalid random erasing: probability %s is not above 0 and at most 1", probability);
  }
}
