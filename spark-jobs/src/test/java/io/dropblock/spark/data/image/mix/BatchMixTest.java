package io.dropblock.spark.data.image.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the definition, on copies: each image by itself and the one before it. */
class BatchMixTest {
  private static final int SIZE = 12;
  private static final int PLANES = 3 * SIZE * SIZE;

  private static float[] images(int count) {
    float[] images = new float[count * PLANES];
    RandomGenerator random = KeyedRandom.of(count);
    for (int i = 0; i < images.length; i++) {
      images[i] = 4 * random.nextFloat() - 2;
    }
    return images;
  }

  private static float before(float[] images, int i) {
    return images[(i - PLANES + images.length) % images.length];
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void mixupIsTheWeightedSum(int count) {
    for (int seed = 0; seed < 20; seed++) {
      float[] images = images(count);
      float[] mixed = images.clone();
      float weight =
          new Mixup(0.4)
              .apply(new Squares(FloatBuffer.wrap(mixed), count, SIZE), KeyedRandom.of(seed));
      double drawn = new SymmetricBeta(0.4).draw(KeyedRandom.of(seed));
      assertThat(weight).isCloseTo((float) drawn, within(1e-7f)).isBetween(0x1p-24f, 1 - 0x1p-24f);
      for (int i = 0; i < images.length; i++) {
        assertThat(mixed[i])
            .isCloseTo(
                (float) (drawn * images[i] + (1 - drawn) * before(images, i)), within(1e-6f));
      }
    }
  }

  /** The rectangle of torchvision's code, and the share of it as the weight. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void cutmixPutsARectangleOfTheOtherIn(int count) {
    int cuts = 0;
    for (int seed = 0; seed < 100; seed++) {
      float[] images = images(count);
      float[] mixed = images.clone();
      float weight =
          new Cutmix(1)
              .apply(new Squares(FloatBuffer.wrap(mixed), count, SIZE), KeyedRandom.of(seed));
      RandomGenerator same = KeyedRandom.of(seed);
      double drawn = new SymmetricBeta(1).draw(same);
      int x = same.nextInt(SIZE);
      int y = same.nextInt(SIZE);
      double half = Math.floor(0.5 * Math.sqrt(1 - drawn) * SIZE);
      int inside = 0;
      for (int i = 0; i < images.length; i++) {
        double dx = i % SIZE + 0.5 - x;
        double dy = i / SIZE % SIZE + 0.5 - y;
        boolean cut = Math.abs(dx) < half && Math.abs(dy) < half;
        assertThat(mixed[i]).isEqualTo(cut ? before(images, i) : images[i]);
        inside += cut ? 1 : 0;
      }
      assertThat(weight).isCloseTo(1 - inside / (float) images.length, within(1e-6f));
      assertThat(weight).isBetween(0x1p-24f, 1 - 0x1p-24f);
      cuts += inside > 0 ? 1 : 0;
    }
    assertThat(cuts).isGreaterThan(60);
  }

  @Test
  void eitherIsAsLikely() {
    int mixups = 0;
    MixupOrCutmix either = new MixupOrCutmix(new Mixup(1), new Cutmix(1));
    for (int seed = 0; seed < 2_000; seed++) {
      float[] images = images(2);
      float[] mixed = images.clone();
      either.apply(new Squares(FloatBuffer.wrap(mixed), 2, SIZE), KeyedRandom.of(8, seed));
      int others = 0;
      for (int i = 0; i < images.length; i++) {
        others += mixed[i] != images[i] && mixed[i] != before(images, i) ? 1 : 0;
      }
      mixups += others > PLANES ? 1 : 0;
    }
    assertThat(mixups).isBetween(1_000 - 100, 1_000 + 100);
  }

  @Test
  void isThatOfTheRecipesNumbers() {
    assertThat(BatchMix.of(0, 0)).isEmpty();
    assertThat(BatchMix.of(0.2, 0)).isEqualTo(Optional.of(new Mixup(0.2)));
    assertThat(BatchMix.of(0, 0.5)).isEqualTo(Optional.of(new Cutmix(0.5)));
    assertThat(BatchMix.of(0.2, 0.5))
        .isEqualTo(Optional.of(new MixupOrCutmix(new Mixup(0.2), new Cutmix(0.5))));
    assertThatThrownBy(() -> BatchMix.of(-1, 0)).hasMessageStartingWith("Invalid mixup: alpha -1");
  }

  @Test
  void refusesMemoryOfAnotherShape() {
    FloatBuffer memory = FloatBuffer.allocate(2 * PLANES);
    assertThatThrownBy(() -> new Squares(memory, 3, SIZE))
        .hasMessage("Invalid squares: 864 floats for 3 images of 12 x 12 pixels");
    assertThatThrownBy(() -> new Squares(FloatBuffer.allocate(0), 0, SIZE))
        .hasMessageStartingWith("Invalid squares");
  }
}
