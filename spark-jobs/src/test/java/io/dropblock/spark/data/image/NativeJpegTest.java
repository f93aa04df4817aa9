package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEGs by libjpeg-turbo: whole ones, parts of them, and what is none. */
class NativeJpegTest {
  @Test
  void isUsedHere() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "the native library is for Linux on x86-64");
    assertThat(NativeJpeg.problem()).isNull();
    assertThat(ImageDecoder.jpegDecoder()).isEqualTo("libjpeg-turbo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"420", "422", "444", "progressive", "grey"})
  void decodesWhatPillowDecodes(String name) throws IOException, BrokenImageException {
    Image image = ImageDecoder.decode(Pictures.bytes(name + ".jpg"));
    Image expected = Pictures.expected(name);
    assertThat(image.width()).isEqualTo(97);
    assertThat(image.height()).isEqualTo(61);
    assertThat(image.rgb()).isEqualTo(expected.rgb());
  }

  @Test
  void unitesCmykAsPillowDoes() throws IOException, BrokenImageException {
    float[] pixels = Pictures.planes(ImageDecoder.decode(Pictures.bytes("cmyk.jpg")));
    float[] expected = Pictures.planes(Pictures.expected("cmyk"));
    for (int i = 0; i < pixels.length; i++) {
      // One rounds and the other cuts off.
      assertThat(Math.abs(pixels[i] - expected[i])).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void ignoresTheOrientation() throws IOException, BrokenImageException {
    assertThat(ImageDecoder.decode(Pictures.bytes("turned.jpg")).rgb())
        .isEqualTo(ImageDecoder.decode(Pictures.bytes("420.jpg")).rgb());
  }

  @ParameterizedTest
  @ValueSource(strings = {"420", "422", "444", "progressive", "grey"})
  void decodesCloseToWhatTheJdkDecodes(String name) throws IOException, BrokenImageException {
    byte[] jpeg = Pictures.bytes(name + ".jpg");
    float[] ours = Pictures.planes(NativeJpeg.whole(jpeg));
    float[] jdks = Pictures.planes(JdkDecoder.decode(jpeg, "jpeg"));
    assertThat(Pictures.meanDistance(ours, jdks)).isLessThan(1);
  }

  /** Every way of storing colours, parts at all places, scaled up and down. */
  @ParameterizedTest
  @ValueSource(strings = {"420", "422", "444", "progressive", "grey", "cmyk", "scene"})
  void aPartIsThatOfTheWholeImage(String name) throws IOException, BrokenImageException {
    byte[] jpeg = Pictures.bytes(name + ".jpg");
    for (Resampling resampling : Resampling.values()) {
      for (int seed = 0; seed < 150; seed++) {
        int size = name.equals("scene") ? 121 : 31 + seed;
        RandomResizedCrop crop = new RandomResizedCrop(size, true, resampling);
        assertThat(Pictures.ofBytes(crop, jpeg, seed))
            .as("seed %d, size %d", seed, size)
            .isEqualTo(Pictures.ofWhole(crop, jpeg, seed));
      }
      CentreCrop centre = new CentreCrop(60, resampling);
      assertThat(Pictures.ofBytes(centre, jpeg, 0)).isEqualTo(Pictures.ofWhole(centre, jpeg, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "223, 900, 1",
    "447, 900, 1",
    "448, 448, 2",
    "900, 895, 2",
    "896, 2000, 4",
    "1791, 1791, 4",
    "1792, 1792, 8",
    "9000, 9000, 8"
  })
  void dividesOnlyWhatStaysLargeEnough(int width, int height, int denominator) {
    assertThat(NativeJpeg.denominator(new Region(3, 5, width, height), 224)).isEqualTo(denominator);
  }

  /** Training, too, unless its recipe asks for less. */
  @Test
  void aLargePartIsThatOfTheWholeImage() throws IOException, BrokenImageException {
    byte[] jpeg = Pictures.bytes("large.jpg");
    RandomResizedCrop crop = new RandomResizedCrop(32, true);
    RandomResizedCrop scaled = new RandomResizedCrop(32, true, Resampling.BICUBIC, true);
    for (int seed = 0; seed < 10; seed++) {
      float[] whole = Pictures.ofWhole(crop, jpeg, seed);
      assertThat(Pictures.ofBytes(crop, jpeg, seed)).isEqualTo(whole);
      assertThat(Pictures.meanDistance(Pictures.ofBytes(scaled, jpeg, seed), whole))
          .isGreaterThan(4);
    }
  }

  /** Half a divided pixel would be about 1, 2 and 4 levels; 0.5 are the noise of the JPEG. */
  @ParameterizedTest
  @CsvSource({"100, 0.8", "50, 1", "25, 1.5"})
  void aDividedPartIsCloseToTheWholeImages(int size, double tolerance) throws BrokenImageException {
    byte[] jpeg = Pictures.smooth(501, 403);
    for (Resampling resampling : Resampling.values()) {
      RandomResizedCrop crop = new RandomResizedCrop(size, true, resampling, true);
      for (int seed = 0; seed < 30; seed++) {
        assertThat(
                Pictures.meanDistance(
                    Pictures.ofBytes(crop, jpeg, seed), Pictures.ofWhole(crop, jpeg, seed)))
            .as("seed %d", seed)
            .isLessThan(tolerance);
      }
    }
  }

  @Test
  void manyThreadsMakeTheSame() throws IOException {
    byte[] jpeg = Pictures.bytes("scene.jpg");
    RandomResizedCrop crop = new RandomResizedCrop(64, true);
    List<float[]> alone = IntStream.range(0, 200).mapToObj(seed -> made(crop, jpeg, seed)).toList();
    List<float[]> together =
        IntStream.range(0, 200).parallel().mapToObj(seed -> made(crop, jpeg, seed)).toList();
    for (int seed = 0; seed < 200; seed++) {
      assertThat(together.get(seed)).isEqualTo(alone.get(seed));
    }
  }

  private static float[] made(ImageTransform transform, byte[] jpeg, long seed) {
    try {
      return Pictures.ofBytes(transform, jpeg, seed);
    } catch (BrokenImageException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void decodesASinglePixel() throws BrokenImageException {
    byte[] jpeg = TestImages.jpeg(1, 1, 3);
    Image image = ImageDecoder.decode(jpeg);
    float[] values = Pictures.ofBytes(new RandomResizedCrop(4, true), jpeg, 1);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(image.value(0, 0, i / 16));
    }
    assertThat(Pictures.ofBytes(new CentreCrop(4), jpeg, 0)).isEqualTo(values);
  }

  @Test
  void refusesWhatIsNoJpeg() {
    RandomResizedCrop crop = new RandomResizedCrop(8, true);
    assertBroken(crop, new byte[0], "the file is empty");
    assertBroken(
        crop, "a text named .jpg".getBytes(StandardCharsets.UTF_8), "it is neither JPEG nor PNG");
    assertBroken(
        crop, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}, "JPEG is truncated at byte 3");
    byte[] text = TestImages.jpeg(32, 32, 1);
    Arrays.fill(text, 20, text.length, (byte) 'x');
    assertBroken(crop, text, "JPEG has no marker behind byte 20");
  }

  @Test
  void refusesHugeImagesByTheirHeader() {
    byte[] jpeg = TestImages.jpeg(32, 32, 1);
    int frame = frame(jpeg);
    // 20,000 is 0x4E20.
    jpeg[frame + 3] = jpeg[frame + 5] = 0x4E;
    jpeg[frame + 4] = jpeg[frame + 6] = 0x20;
    assertBroken(new CentreCrop(8), jpeg, "20000 x 20000 pixels are not between 1 and 100000000");
    assertThatThrownBy(() -> ImageDecoder.decode(jpeg)).isInstanceOf(BrokenImageException.class);
  }

  @Test
  void noticesACutWithinThePart() {
    byte[] whole = TestImages.jpeg(64, 64, 4);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertBroken(new CentreCrop(32), half, "Premature end of JPEG file");
    assertThatThrownBy(() -> ImageDecoder.decode(half)).isInstanceOf(BrokenImageException.class);
  }

  /** Whatever the bytes are, it is an image or a reason, and the process goes on. */
  @ParameterizedTest
  @ValueSource(strings = {"420", "progressive", "cmyk"})
  void survivesDamage(String name) throws IOException {
    byte[] jpeg = Pictures.bytes(name + ".jpg");
    RandomResizedCrop crop = new RandomResizedCrop(16, true);
    int broken = 0;
    for (int seed = 0; seed < 1500; seed++) {
      byte[] damaged = jpeg.clone();
      for (int i = 0; i < 1 + seed % 3; i++) {
        long random = KeyedRandom.hash(seed, i);
        damaged[(int) Long.remainderUnsigned(random >>> 8, jpeg.length)] = (byte) random;
      }
      try {
        Pictures.ofBytes(crop, damaged, seed);
      } catch (BrokenImageException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        broken++;
      }
    }
    assertThat(broken).isPositive();
  }

  private static int frame(byte[] jpeg) {
    for (int i = 0; ; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
        return i + 2;
      }
    }
  }

  private static void assertBroken(ImageTransform transform, byte[] bytes, String message) {
    assertThatThrownBy(() -> Pictures.ofBytes(transform, bytes, 1))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage(message);
  }
}
