package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.Pictures;
import io.dropblock.spark.data.image.RandomResizedCrop;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CutoutTest {
  private static final int SIZE = 12;
  private static final CentreCrop WHOLE = new CentreCrop(SIZE);

  private static float[] apply(int pad, RandomGenerator random) {
    byte[] white = new byte[3 * SIZE * SIZE];
    Arrays.fill(white, (byte) 255);
    float[] out = new float[3 * SIZE * SIZE];
    new Cutout(WHOLE, pad, 128)
        .apply(new Image(SIZE, SIZE, white), random, Normalization.NONE, FloatBuffer.wrap(out), 0);
    return out;
  }

  /** Pixel (x, y) is covered where its middle is within pad of the centre's upper left corner. */
  @Test
  void coversTheSquareAndNothingElse() {
    for (long seed = 0; seed < 300; seed++) {
      RandomGenerator same = KeyedRandom.of(seed);
      int centreY = same.nextInt(SIZE);
      int centreX = same.nextInt(SIZE);
      float[] out = apply(3, KeyedRandom.of(seed));
      for (int i = 0; i < out.length; i++) {
        double dx = i % SIZE + 0.5 - centreX;
        double dy = i / SIZE % SIZE + 0.5 - centreY;
        boolean covered = Math.abs(dx) < 3 && Math.abs(dy) < 3;
        assertThat(out[i]).isEqualTo(covered ? 128 : 255);
      }
    }
  }

  @Test
  void coversAsMuchAsTheFormulaSays() {
    double covered = 0;
    for (long seed = 0; seed < 20_000; seed++) {
      float[] out = apply(4, KeyedRandom.of(seed));
      for (int i = 0; i < SIZE * SIZE; i++) {
        covered += out[i] == 128 ? 1 : 0;
      }
    }
    // Of 8 rows the centre c = 0..3 leaves 4 + c, 9, 10, 11 leave 7, 6, 5, and the rest 8.
    double rows = (4 + 5 + 6 + 7 + 8 * 5 + 7 + 6 + 5) / 12.0;
    assertThat(covered / 20_000).isCloseTo(rows * rows, within(0.5));
  }

  @Test
  void decodesOnlyWhatTheCropNeeds() throws BrokenImageException {
    byte[] jpeg = TestImages.jpeg(60, 50, 3);
    Cutout cutout = new Cutout(new RandomResizedCrop(33, true), 5, 128);
    for (int seed = 0; seed < 20; seed++) {
      assertThat(Pictures.ofBytes(cutout, jpeg, seed))
          .isEqualTo(Pictures.ofWhole(cutout, jpeg, seed));
    }
  }

  @Test
  void normalisesItsGrey() {
    float[] out = new float[3 * SIZE * SIZE];
    Image black = new Image(SIZE, SIZE, new byte[out.length]);
    new Cutout(WHOLE, SIZE, 128)
        .apply(black, KeyedRandom.of(1), Normalization.IMAGENET, FloatBuffer.wrap(out), 0);
    int middle = SIZE / 2 * SIZE + SIZE / 2;
    for (int channel = 0; channel < 3; channel++) {
      assertThat(out[channel * SIZE * SIZE + middle])
          .isEqualTo(Normalization.IMAGENET.apply(128, channel));
    }
  }

  @Test
  void refusesSquaresOfNothingAndOfTooMuch() {
    assertThatThrownBy(() -> new Cutout(WHOLE, 0, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid cutout: pad 0 is not in 1 to 12, or grey 128 not in 0 to 255");
    assertThatThrownBy(() -> new Cutout(WHOLE, 13, 128))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cutout(WHOLE, 2, 256))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
