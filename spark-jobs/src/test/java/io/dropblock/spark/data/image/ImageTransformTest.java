package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageTransformTest {
  /** Red is x, green is y, blue is 50. */
  private static Image ramp(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      rgb[3 * i] = (byte) (i % width);
      rgb[3 * i + 1] = (byte) (i / width);
      rgb[3 * i + 2] = 50;
    }
    return new Image(width, height, rgb);
  }

  private static float[] apply(ImageTransform transform, Image image, long seed) {
    float[] out = new float[3 * transform.size() * transform.size()];
    transform.apply(image, KeyedRandom.of(seed), Normalization.NONE, FloatBuffer.wrap(out), 0);
    return out;
  }

  @Test
  void centreCropLeavesAnImageOfItsSizeAlone() {
    float[] out = apply(new CentreCrop(32), ramp(32, 32), 0);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        assertThat(out[y * 32 + x]).isEqualTo(x);
        assertThat(out[1024 + y * 32 + x]).isEqualTo(y);
        assertThat(out[2048 + y * 32 + x]).isEqualTo(50);
      }
    }
  }

  @Test
  void centreCropCutsThePapersSquare() {
    // 224 / 256 * 375 = 328.125; (500 - 328 + 1) / 2 = 86; (375 - 328 + 1) / 2 = 24.
    Region region = CentreCrop.region(224, 500, 375);
    assertThat(region).isEqualTo(new Region(86, 24, 328, 328));
  }

  /** torchvision's: the short side to 232, then the middle 224: 224 / 232 * 375 = 362.07. */
  @Test
  void centreCropCutsAfterAnotherResize() {
    Region region = new CentreCrop(224, 232).draw(500, 375, null).region();
    assertThat(region).isEqualTo(new Region(69, 7, 362, 362));
    assertThat(new CentreCrop(224, 224).draw(500, 375, null).region())
        .isEqualTo(new Region(63, 0, 375, 375));
    assertThatThrownBy(() -> new CentreCrop(224, 223))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid resize: 223 is below the crop's size, 224");
  }

  @Test
  void bilinearIsExactOnRamps() {
    Region region = new Region(10, 20, 64, 48);
    float[] out = new float[3 * 32 * 32];
    new Resampler(32, Resampling.BILINEAR, Normalization.NONE)
        .resize(ramp(128, 96), new Crop(region, false), FloatBuffer.wrap(out), 0);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        assertThat(out[y * 32 + x]).isCloseTo(10 + (x + 0.5f) * 2 - 0.5f, within(1e-4f));
        assertThat(out[1024 + y * 32 + x]).isCloseTo(20 + (y + 0.5f) * 1.5f - 0.5f, within(1e-4f));
      }
    }
    float[] mirrored = new float[out.length];
    new Resampler(32, Resampling.BILINEAR, Normalization.NONE)
        .resize(ramp(128, 96), new Crop(region, true), FloatBuffer.wrap(mirrored), 0);
    assertThat(mirrored[0]).isEqualTo(out[31]);
    assertThat(mirrored[40]).isEqualTo(out[32 + 31 - 8]);
  }

  @Test
  void normalisesIntoTheSliceOnly() {
    float[] out = new float[5 + 3 * 16 + 5];
    Arrays.fill(out, -7);
    new CentreCrop(4)
        .apply(ramp(4, 4), KeyedRandom.of(0), Normalization.IMAGENET, FloatBuffer.wrap(out), 5);
    assertThat(Arrays.copyOf(out, 5)).containsOnly(-7);
    assertThat(Arrays.copyOfRange(out, 53, 58)).containsOnly(-7);
    assertThat(out[5 + 3]).isCloseTo((3 - 123.675f) / 58.395f, within(1e-5f));
    assertThat(out[5 + 32]).isCloseTo(Normalization.IMAGENET.apply(50, 2), within(1e-5f));
  }

  @Test
  void padCropPlacesAndMirrorsUniformly() {
    int trials = 40_000;
    int[] left = new int[9];
    int[] top = new int[9];
    int mirrored = 0;
    PadCrop crop = new PadCrop(32, 4, true);
    Image image = ramp(32, 32);
    for (int seed = 0; seed < trials; seed++) {
      float[] out = apply(crop, image, seed);
      // The middle of the crop is always inside the image.
      boolean mirror = out[16 * 32 + 16] < out[16 * 32 + 15];
      mirrored += mirror ? 1 : 0;
      left[(int) out[16 * 32 + (mirror ? 15 : 16)] - 16 + 4]++;
      top[(int) out[1024 + 16 * 32 + 16] - 16 + 4]++;
    }
    assertThat(Math.abs(mirrored - trials / 2.0)).isLessThan(5 * Math.sqrt(trials * 0.25));
    double sigma = Math.sqrt(trials * (1.0 / 9) * (8.0 / 9));
    for (int i = 0; i < 9; i++) {
      assertThat(Math.abs(left[i] - trials / 9.0)).isLessThan(5 * sigma);
      assertThat(Math.abs(top[i] - trials / 9.0)).isLessThan(5 * sigma);
    }
  }

  @Test
  void padCropPadsWithTheMean() {
    Image white = new Image(8, 8, filled(8 * 8 * 3));
    PadCrop crop = new PadCrop(8, 4, false);
    double outside = 0;
    int trials = 20_000;
    float[] out = new float[3 * 64];
    for (int seed = 0; seed < trials; seed++) {
      crop.apply(white, KeyedRandom.of(seed), Normalization.IMAGENET, FloatBuffer.wrap(out), 0);
      for (int i = 0; i < 64; i++) {
        boolean pad = out[i] == 0;
        assertThat(pad || Math.abs(out[i] - Normalization.IMAGENET.apply(255, 0)) < 1e-5).isTrue();
        outside += pad ? 1 : 0;
      }
    }
    // Of 8 + 2 * 4 - 8 + 1 = 9 offsets d in -4..4 a share 1 - |d| / 8 is inside: on average 1 - 20
    // / 72.
    double inside = (1 - 20.0 / 72) * (1 - 20.0 / 72);
    assertThat(outside / trials / 64).isCloseTo(1 - inside, within(0.005));
  }

  @Test
  void padCropRefusesImagesOfAnotherSize() {
    for (PadCrop crop : List.of(new PadCrop(32, 4, true), PadCrop.unpadded(32))) {
      for (Image image : List.of(ramp(20, 30), ramp(30, 32), ramp(32, 33), ramp(640, 480))) {
        assertThatThrownBy(() -> apply(crop, image, 0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "it has %d x %d pixels, not 32 x 32 as pad-crop takes",
                image.width(), image.height());
      }
    }
  }

  @Test
  void unpaddedIsTheImageItself() {
    assertThat(apply(PadCrop.unpadded(32), ramp(32, 32), 0))
        .isEqualTo(apply(new CentreCrop(32), ramp(32, 32), 0));
  }

  @Test
  void randomResizedCropKeepsItsRanges() {
    RandomResizedCrop crop = new RandomResizedCrop(224, true);
    int trials = 20_000;
    double aspects = 0;
    double squares = 0;
    double smallest = 1;
    for (int seed = 0; seed < trials; seed++) {
      Region region = crop.draw(500, 375, KeyedRandom.of(seed)).region();
      double area = (double) region.width() * region.height() / (500 * 375);
      double aspect = (double) region.width() / region.height();
      assertThat(area).isBetween(0.1, 1.0);
      assertThat(aspect).isBetween(0.74, 1.35);
      assertThat(region.x() + region.width()).isBetween(1, 500);
      assertThat(region.y() + region.height()).isBetween(1, 375);
      aspects += aspect;
      squares += aspect * aspect;
      smallest = Math.min(smallest, area);
    }
    double mean = aspects / trials;
    // Uniform in [3/4, 4/3], but for the few small crops that are drawn again: mean 25/24,
    // deviation 7/12/sqrt(12).
    assertThat(mean).isCloseTo(25.0 / 24, within(0.01));
    assertThat(Math.sqrt(squares / trials - mean * mean))
        .isCloseTo(7.0 / 12 / Math.sqrt(12), within(0.01));
    assertThat(smallest).isLessThan(0.11);
  }

  @Test
  void randomResizedCropFallsBackOnNarrowImages() {
    // No crop of aspect 3/4 or more covers a tenth of it.
    RandomResizedCrop crop = new RandomResizedCrop(8, false);
    assertThat(crop.draw(10, 400, KeyedRandom.of(1)).region())
        .isEqualTo(CentreCrop.region(8, 10, 400));
  }

  @Test
  void isAPureFunctionOfImageAndRandomNumbers() {
    for (ImageTransform transform :
        new ImageTransform[] {
          new PadCrop(32, 4, true), new RandomResizedCrop(24, true), new CentreCrop(24)
        }) {
      assertThat(apply(transform, ramp(32, 32), 9)).isEqualTo(apply(transform, ramp(32, 32), 9));
    }
    assertThat(apply(new RandomResizedCrop(24, true), ramp(40, 36), 9))
        .isNotEqualTo(apply(new RandomResizedCrop(24, true), ramp(40, 36), 10));
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 255);
    return bytes;
  }
}
