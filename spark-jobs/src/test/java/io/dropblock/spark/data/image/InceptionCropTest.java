package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.TestImages;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InceptionCropTest {

  /** Areas from a tenth to all of the image, aspects from 3/4 to 4/3, half of them mirrored. */
  @Test
  void cutsWhatTheReferenceCuts() {
    InceptionCrop crop = new InceptionCrop(299, true);
    double least = 1;
    double most = 0;
    int mirrored = 0;
    for (int i = 0; i < 5_000; i++) {
      Crop drawn = crop.draw(500, 400, KeyedRandom.of(3, i));
      Region region = drawn.region();
      double share = region.width() * (double) region.height() / (500 * 400);
      double aspect = (double) region.width() / region.height();
      assertThat(share).isBetween(0.1, 1.0);
      assertThat(aspect).isBetween(0.74, 1.35);
      least = Math.min(least, share);
      most = Math.max(most, share);
      mirrored += drawn.mirror() ? 1 : 0;
    }
    assertThat(least).isLessThan(0.101);
    assertThat(most).isGreaterThan(0.98);
    assertThat(mirrored).isBetween(2_350, 2_650);
  }

  /** No rectangle of an aspect up to 4/3 has a tenth of so long an image. */
  @Test
  void takesTheWholeOfAnImageThatNothingFits() {
    Crop drawn = new InceptionCrop(299, false).draw(1000, 10, KeyedRandom.of(1));
    assertThat(drawn.region()).isEqualTo(new Region(0, 0, 1000, 10));
  }

  /** {@code int((side - side * 0.875) / 2)} at each end, by hand. */
  @ParameterizedTest
  @CsvSource({"500, 375, 31, 23, 438, 329", "32, 32, 2, 2, 28, 28", "15, 1, 0, 0, 15, 1"})
  void evaluationCutsAnEighthOffBothSides(
      int width, int height, int x, int y, int croppedWidth, int croppedHeight) {
    assertThat(new CentralFraction(299).draw(width, height, null))
        .isEqualTo(new Crop(new Region(x, y, croppedWidth, croppedHeight), false));
  }

  /** TensorFlow 1 without aligned corners: {@code i * scale}, the last pixel kept beyond it. */
  @Test
  void scalesAsTensorFlowDid() throws BrokenImageException {
    int size = 21;
    for (byte[] encoded : new byte[][] {TestImages.jpeg(60, 50, 3), TestImages.png(60, 50, 3)}) {
      Image image = ImageDecoder.decode(encoded);
      Region region = new CentralFraction(size).draw(60, 50, null).region();
      FloatBuffer out = Pictures.outside(3 * size * size);
      new CentralFraction(size).decodeAndApply(encoded, null, Normalization.NONE, out, 0);
      for (int i = 0; i < 3 * size * size; i++) {
        double expected = value(image, region, i / size / size, i % size, i / size % size, size);
        assertThat(out.get(i)).isCloseTo((float) expected, within(1e-3f));
      }
    }
  }

  private static double value(Image image, Region region, int channel, int x, int y, int size) {
    double inX = x * (double) region.width() / size;
    double inY = y * (double) region.height() / size;
    int left = (int) inX;
    int top = (int) inY;
    int right = Math.min(left + 1, region.width() - 1);
    int bottom = Math.min(top + 1, region.height() - 1);
    double above =
        at(image, region, channel, left, top) * (1 - (inX - left))
            + at(image, region, channel, right, top) * (inX - left);
    double below =
        at(image, region, channel, left, bottom) * (1 - (inX - left))
            + at(image, region, channel, right, bottom) * (inX - left);
    return above * (1 - (inY - top)) + below * (inY - top);
  }

  private static int at(Image image, Region region, int channel, int x, int y) {
    return image.value(region.x() + x, region.y() + y, channel);
  }
}
