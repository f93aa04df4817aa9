package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColorDistortionTest {
  private static final int SIZE = 16;
  private static final Normalization TO_ONE =
      new Normalization(List.of(127.5f, 127.5f, 127.5f), List.of(127.5f, 127.5f, 127.5f));

  private static float[] distorted(byte[] rgb, Normalization normalization, long seed) {
    float[] out = new float[3 * SIZE * SIZE];
    new ColorDistortion(new CentreCrop(SIZE))
        .apply(
            new Image(SIZE, SIZE, rgb),
            KeyedRandom.of(9, seed),
            normalization,
            FloatBuffer.wrap(out),
            0);
    return out;
  }

  private static byte[] grey(int value) {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    Arrays.fill(rgb, (byte) value);
    return rgb;
  }

  /**
   * Of grey: the shifts of red and blue give Cr and Cb, as those of the inverse of BT.601's YCbCr;
   * green's follows, and all three are within the reference's ranges, reach close to them, and have
   * the mean 0 and the variance of what is uniform.
   */
  @Test
  void shiftsAllPixelsByOneBrightnessAndOneColour() {
    int trials = 4_000;
    double[] sums = new double[3];
    double[] squares = new double[3];
    double[] most = new double[3];
    for (int seed = 0; seed < trials; seed++) {
      float[] out = distorted(grey(128), Normalization.NONE, seed);
      double[] shift = new double[3];
      for (int channel = 0; channel < 3; channel++) {
        shift[channel] = out[channel * SIZE * SIZE] - 128;
        for (int i = 0; i < SIZE * SIZE; i++) {
          assertThat(out[channel * SIZE * SIZE + i]).isEqualTo(out[channel * SIZE * SIZE]);
        }
      }
      // three equations for brightness, Cb and Cr
      double byRed = 0.714136 / 1.402;
      double byBlue = 0.344136 / 1.772;
      double brightness = (shift[1] + byRed * shift[0] + byBlue * shift[2]) / (1 + byRed + byBlue);
      double[] drawn = {
        brightness / 32,
        (shift[2] - brightness) / 1.772 / 25.5,
        (shift[0] - brightness) / 1.402 / 25.5
      };
      for (int i = 0; i < 3; i++) {
        assertThat(Math.abs(drawn[i])).isLessThan(1 + 1e-4);
        most[i] = Math.max(most[i], Math.abs(drawn[i]));
        sums[i] += drawn[i];
        squares[i] += drawn[i] * drawn[i];
      }
    }
    for (int i = 0; i < 3; i++) {
      assertThat(most[i]).isGreaterThan(0.99);
      assertThat(sums[i] / trials).isCloseTo(0, within(4 * Math.sqrt(1 / 3.0 / trials)));
      assertThat(squares[i] / trials).isCloseTo(1 / 3.0, within(4 * Math.sqrt(4 / 45.0 / trials)));
    }
  }

  @Test
  void cutsWhatLeavesTheRangeAndNormalisesBehind() {
    boolean below = false;
    boolean above = false;
    for (int seed = 0; seed < 50; seed++) {
      for (int value : new int[] {3, 128, 250}) {
        float[] plain = distorted(grey(value), Normalization.NONE, seed);
        float[] scaled = distorted(grey(value), TO_ONE, seed);
        for (int i = 0; i < plain.length; i++) {
          assertThat(plain[i]).isBetween(0f, 255f);
          assertThat(scaled[i]).isCloseTo(plain[i] / 127.5f - 1, within(1e-6f));
          below |= scaled[i] == -1;
          above |= scaled[i] == 1;
        }
      }
    }
    assertThat(below && above).isTrue();
  }
}
