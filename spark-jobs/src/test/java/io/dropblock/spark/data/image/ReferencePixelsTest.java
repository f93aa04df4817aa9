package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The evaluation crop against pixels that Pillow 9.4.0 decoded and PyTorch 1.13.0a0 scaled
 * (make_expected.py), rounded to whole levels.
 */
class ReferencePixelsTest {
  /** Rounding alone is 0.25 on average. */
  private static final double TOLERANCE = 0.35;

  @Test
  void evaluationCropIsTheReferences() throws IOException, BrokenImageException {
    float[] pixels = Pictures.ofBytes(new CentreCrop(96), Pictures.bytes("scene.jpg"), 0);
    float[] expected = Pictures.planes(Pictures.expected("scene-96"));
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Math.min(Math.max(pixels[i], 0), 255);
      assertThat(Math.abs(pixels[i] - expected[i])).isLessThan(2);
    }
    assertThat(Pictures.meanDistance(pixels, expected)).isLessThan(TOLERANCE);
  }

  /** An eighth and a quarter of the crops' sizes, at which the decoder could decode them. */
  @ParameterizedTest
  @ValueSource(ints = {48, 112})
  void evaluationDecodesLargeImagesInFull(int size) throws IOException, BrokenImageException {
    byte[] jpeg = Pictures.bytes("large.jpg");
    float[] expected = Pictures.planes(Pictures.expected("large-" + size));
    CentreCrop crop = new CentreCrop(size);
    for (float[] pixels :
        List.of(Pictures.ofBytes(crop, jpeg, 0), Pictures.ofWhole(crop, jpeg, 0))) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = Math.min(Math.max(pixels[i], 0), 255);
        assertThat(Math.abs(pixels[i] - expected[i])).isLessThan(2);
      }
      assertThat(Pictures.meanDistance(pixels, expected)).isLessThan(TOLERANCE);
    }
  }

  /** The pixels' distance must be able to tell one way of scaling from another. */
  @Test
  void bilinearIsNotTheReferences() throws IOException, BrokenImageException {
    CentreCrop crop = new CentreCrop(96, Resampling.BILINEAR);
    float[] pixels = Pictures.ofBytes(crop, Pictures.bytes("scene.jpg"), 0);
    float[] expected = Pictures.planes(Pictures.expected("scene-96"));
    assertThat(Pictures.meanDistance(pixels, expected)).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void evaluationCropOfRealImagesIsTheReferences(int number)
      throws IOException, BrokenImageException {
    String name = String.format(Locale.ROOT, "ILSVRC2012_val_%08d", number);
    float[] all = Pictures.ofBytes(new CentreCrop(224), image(name + ".JPEG"), 0);
    float[] expected = Pictures.planes(Pictures.expected(name));
    float[] pixels = new float[expected.length];
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / (28 * 28);
      int y = i / 28 % 28;
      int x = i % 28;
      float value = all[(channel * 224 + y * 8) * 224 + x * 8];
      pixels[i] = Math.min(Math.max(value, 0), 255);
    }
    assertThat(Pictures.meanDistance(pixels, expected)).isLessThan(TOLERANCE);
  }

  private static byte[] image(String name) throws IOException {
    Path tar =
        Path.of(
            System.getProperty("dropblock.test.data", "."),
            "ilsvrc2012-sample",
            "ILSVRC2012_img_val.tar");
    assumeTrue(Files.exists(tar), "there are no ILSVRC2012 images at " + tar);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
        TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = entries.getNextTarEntry();
          entry != null;
          entry = entries.getNextTarEntry()) {
        if (entry.getName().endsWith(name)) {
          return entries.readAllBytes();
        }
      }
    }
    throw new IOException(tar + " holds no " + name);
  }
}
