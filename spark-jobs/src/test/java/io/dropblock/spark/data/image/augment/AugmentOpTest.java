package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Pictures;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against Pillow 9.4.0, which the reference's code says it repeats (make_augmented.py). */
class AugmentOpTest {
  private static Image augmented(AugmentOp op, int level, int sign) throws Exception {
    return op.apply(Pictures.expected(AugmentOpTest.class, "augment"), level, sign);
  }

  private static Image expected(AugmentOp op, int level, int sign)
      throws IOException, BrokenImageException {
    String name = op.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return Pictures.expected(
        AugmentOpTest.class, name + "-" + level + (sign < 0 ? "-negative" : ""));
  }

  @ParameterizedTest
  @CsvSource({
    "EQUALIZE, 1",
    "INVERT, 9",
    "POSTERIZE, 6",
    "SOLARIZE, 2",
    "SOLARIZE, 3",
    "SOLARIZE, 4",
    "SOLARIZE, 8",
    "SOLARIZE, 10",
    "SOLARIZE_ADD, 3",
    "SOLARIZE_ADD, 7"
  })
  void tonesArePillows(AugmentOp op, int level) throws Exception {
    assertThat(augmented(op, level, 1).rgb()).isEqualTo(expected(op, level, 1).rgb());
  }

  /**
   * Pillow counts in 64-bit floats, TensorFlow in 32, and both cut fractions off; TensorFlow's grey
   * is up to one level off Pillow's, and colours go away from it by up to 0.9 of that.
   */
  @ParameterizedTest
  @CsvSource({
    "AUTO_CONTRAST, 7, 1, 0.01",
    "COLOR, 0, 2, 0.5",
    "COLOR, 1, 2, 0.5",
    "COLOR, 4, 1, 0.3",
    "COLOR, 6, 1, 0.3",
    "COLOR, 7, 1, 0.3",
    "COLOR, 9, 2, 0.5"
  })
  void coloursArePillowsButForRounding(AugmentOp op, int level, int most, double mean)
      throws Exception {
    Image image = augmented(op, level, 1);
    Image expected = expected(op, level, 1);
    double sum = 0;
    for (int i = 0; i < image.rgb().length; i++) {
      int distance = Math.abs((image.rgb()[i] & 0xFF) - (expected.rgb()[i] & 0xFF));
      assertThat(distance).isLessThanOrEqualTo(most);
      sum += distance;
    }
    assertThat(sum / image.rgb().length).isLessThan(mean);
    // The image itself would not pass.
    assertThat(
            Pictures.meanDistance(
                Pictures.planes(Pictures.expected(AugmentOpTest.class, "augment")),
                Pictures.planes(expected)))
        .isGreaterThan(2);
  }

  /** But for pixels whose place lies between two, which rounding decides. */
  @ParameterizedTest
  @CsvSource({
    "ROTATE, 0",
    "ROTATE, 2",
    "ROTATE, 5",
    "ROTATE, 7",
    "ROTATE, 8",
    "ROTATE, 9",
    "SHEAR_X, 9",
    "SHEAR_Y, 3",
    "SHEAR_Y, 4",
    "SHEAR_Y, 7",
    "TRANSLATE_Y, 1"
  })
  void placesArePillows(AugmentOp op, int level) throws Exception {
    assertThat(op.isSigned()).isTrue();
    for (int sign : new int[] {1, -1}) {
      Image image = augmented(op, level, sign);
      Image expected = expected(op, level, sign);
      int different = 0;
      for (int i = 0; i < image.width() * image.height(); i++) {
        different +=
            Arrays.equals(image.rgb(), 3 * i, 3 * i + 3, expected.rgb(), 3 * i, 3 * i + 3) ? 0 : 1;
      }
      assertThat(different).as("sign %d", sign).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void posterizeKeepsABitWhereTheLevelLeavesNone() throws Exception {
    Image image = augmented(AugmentOp.POSTERIZE, 2, 1);
    byte[] original = Pictures.expected(AugmentOpTest.class, "augment").rgb();
    for (int i = 0; i < original.length; i++) {
      assertThat(image.rgb()[i] & 0xFF).isEqualTo(original[i] < 0 ? 128 : 0);
    }
  }

  @Test
  void aTranslationBeyondTheImageLeavesGrey() throws Exception {
    byte[] grey = augmented(AugmentOp.TRANSLATE_Y, 9, 1).rgb();
    assertThat(grey).containsOnly(128);
  }

  @Test
  void aSingleColourIsLeftAlone() {
    byte[] rgb = new byte[3 * 400];
    Arrays.fill(rgb, (byte) 77);
    Image image = new Image(20, 20, rgb);
    for (AugmentOp op : new AugmentOp[] {AugmentOp.AUTO_CONTRAST, AugmentOp.EQUALIZE}) {
      assertThat(op.apply(image, 5, 1).rgb()).containsOnly(77);
    }
    assertThat(AugmentOp.COLOR.apply(image, 5, 1).rgb()).containsOnly(77);
  }

  @Test
  void leavesItsArgumentAlone() throws Exception {
    Image image = Pictures.expected(AugmentOpTest.class, "augment");
    byte[] before = image.rgb().clone();
    for (AugmentOp op : AugmentOp.values()) {
      assertThat(op.apply(image, 3, 1).rgb()).isNotSameAs(image.rgb());
    }
    assertThat(image.rgb()).isEqualTo(before);
  }
}
