package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.Pictures;
import io.dropblock.spark.data.image.RandomResizedCrop;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoAugmentTest {
  private static final int SIZE = 40;

  private static Image picture() throws BrokenImageException {
    return ImageDecoder.decode(TestImages.png(SIZE, SIZE, 3));
  }

  private static Augmentation augmented(ImageTransform inner) {
    return new Augmentation(inner, AutoAugment.V0);
  }

  /** Counted in the reference's file. */
  @ParameterizedTest
  @CsvSource({
    "AUTO_CONTRAST, 2, 9, 1.0",
    "COLOR, 9, 37, 5.0",
    "EQUALIZE, 12, 55, 8.0",
    "INVERT, 1, 9, 0.4",
    "POSTERIZE, 2, 8, 1.2",
    "ROTATE, 7, 39, 4.6",
    "SHEAR_X, 2, 9, 0.2",
    "SHEAR_Y, 4, 14, 2.6",
    "SOLARIZE, 8, 41, 4.6",
    "SOLARIZE_ADD, 2, 10, 1.4",
    "TRANSLATE_Y, 1, 9, 0.8"
  })
  void thePolicyIsTheReferences(AugmentOp op, int times, int levels, double probabilities) {
    assertThat(AutoAugment.V0.pairs()).hasSize(25);
    List<AutoAugment.Step> steps =
        AutoAugment.V0.pairs().stream()
            .flatMap(pair -> Stream.of(pair.first(), pair.second()))
            .filter(step -> step.op() == op)
            .toList();
    assertThat(steps).hasSize(times);
    assertThat(steps.stream().mapToInt(AutoAugment.Step::level).sum()).isEqualTo(levels);
    assertThat(steps.stream().mapToDouble(AutoAugment.Step::probability).sum())
        .isCloseTo(probabilities, within(1e-9));
  }

  /** Each outcome leaves its own mark on a picture that gets darker from the top down. */
  @Test
  void drawsPairsOperationsAndSignsAsOftenAsItSays() {
    int trials = 40_000;
    byte[] rgb = new byte[3 * 60 * 2];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (250 - i / 6 * 4);
    }
    Image image = new Image(2, 60, rgb);
    AutoAugment.Step never = new AutoAugment.Step(AugmentOp.INVERT, 0, 5);
    AutoAugment policy =
        new AutoAugment(
            List.of(
                new AutoAugment.Pair(new AutoAugment.Step(AugmentOp.TRANSLATE_Y, 0.3, 1), never),
                new AutoAugment.Pair(never, new AutoAugment.Step(AugmentOp.INVERT, 1, 0))));
    int inverted = 0;
    int up = 0;
    int down = 0;
    for (int seed = 0; seed < trials; seed++) {
      int first = policy.apply(image, KeyedRandom.of(seed)).value(0, 0, 0);
      inverted += first == 5 ? 1 : 0;
      up += first == 150 ? 1 : 0;
      down += first == 128 ? 1 : 0;
    }
    assertShare(inverted, trials, 0.5);
    assertShare(up, trials, 0.5 * 0.3 * 0.5);
    assertShare(down, trials, 0.5 * 0.3 * 0.5);
  }

  private static void assertShare(int count, int trials, double share) {
    assertThat(Math.abs(count - trials * share))
        .isLessThan(4 * Math.sqrt(trials * share * (1 - share)));
  }

  @Test
  void doesThePolicyOnTheSquareOfTheOther() throws BrokenImageException {
    Augmentation transform = augmented(new CentreCrop(SIZE));
    int changed = 0;
    for (long seed = 0; seed < 200; seed++) {
      float[] out = new float[3 * SIZE * SIZE];
      transform.apply(
          picture(), KeyedRandom.of(seed), Normalization.IMAGENET, FloatBuffer.wrap(out), 0);
      Image expected = AutoAugment.V0.apply(picture(), KeyedRandom.of(seed));
      float[] planes = Pictures.planes(expected);
      for (int i = 0; i < out.length; i++) {
        int channel = i / SIZE / SIZE;
        assertThat(out[i])
            .isCloseTo(Normalization.IMAGENET.apply(planes[i], channel), within(1e-5f));
      }
      changed += Arrays.equals(expected.rgb(), picture().rgb()) ? 0 : 1;
    }
    assertThat(changed).isBetween(120, 199);
  }

  @Test
  void drawsBehindTheOtherTransform() throws BrokenImageException {
    byte[] png = TestImages.png(60, 50, 3);
    for (long seed = 0; seed < 100; seed++) {
      RandomResizedCrop crop = new RandomResizedCrop(SIZE, true);
      KeyedRandom random = KeyedRandom.of(seed);
      float[] square = new float[3 * SIZE * SIZE];
      crop.apply(ImageDecoder.decode(png), random, Normalization.NONE, FloatBuffer.wrap(square), 0);
      byte[] cut = new byte[square.length];
      for (int i = 0; i < square.length; i++) {
        // TensorFlow's cast cuts fractions off.
        float value = Math.max(0, Math.min(255, square[i % 3 * SIZE * SIZE + i / 3]));
        cut[i] = (byte) (int) value;
      }
      float[] expected = Pictures.planes(AutoAugment.V0.apply(new Image(SIZE, SIZE, cut), random));
      float[] out = Pictures.ofWhole(augmented(crop), png, seed);
      assertThat(out).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void decodesOnlyWhatTheCropNeeds() throws BrokenImageException {
    byte[] jpeg = TestImages.jpeg(60, 50, 3);
    Cutout transform = new Cutout(augmented(new RandomResizedCrop(33, true)), 5, 128);
    for (int seed = 0; seed < 50; seed++) {
      assertThat(Pictures.ofBytes(transform, jpeg, seed))
          .isEqualTo(Pictures.ofWhole(transform, jpeg, seed));
    }
  }

  /** Padding of the mean, before whatever the policy does: with no operation it is near 0. */
  @Test
  void paddingKeepsTheMeanColour() throws BrokenImageException {
    Augmentation transform = augmented(new PadCrop(SIZE, SIZE, false));
    float[] out = new float[3 * SIZE * SIZE];
    int padded = 0;
    for (long seed = 0; seed < 300; seed++) {
      float[] plain = new float[out.length];
      new PadCrop(SIZE, SIZE, false)
          .apply(
              picture(), KeyedRandom.of(seed), Normalization.CIFAR10, FloatBuffer.wrap(plain), 0);
      transform.apply(
          picture(), KeyedRandom.of(seed), Normalization.CIFAR10, FloatBuffer.wrap(out), 0);
      boolean unchanged = true;
      for (int i = 0; i < out.length; i++) {
        unchanged &= Math.abs(out[i] - plain[i]) < 0.5f / 60;
      }
      padded += unchanged ? 1 : 0;
    }
    assertThat(padded).isBetween(15, 120);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> augmented(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("inner is null");
    assertThatThrownBy(() -> new AutoAugment(List.of()))
        .hasMessage("Invalid policy: it has no pairs");
  }
}
