package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.TestImages;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelImageTest {
  private static final int WIDTH = 13;
  private static final int HEIGHT = 9;

  private static int label(int x, int y, int classes) {
    return (int) Long.remainderUnsigned(KeyedRandom.hash(x, y), classes);
  }

  /** All colours are alike, so that only indices can tell. */
  private static byte[] palette(int bits) {
    byte[] colours = new byte[1 << bits];
    Arrays.fill(colours, (byte) 90);
    IndexColorModel model = new IndexColorModel(bits, colours.length, colours, colours, colours);
    int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
    return png(new BufferedImage(WIDTH, HEIGHT, type, model), 1 << bits);
  }

  private static byte[] png(BufferedImage image, int classes) {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, label(x, y, classes));
      }
    }
    return TestImages.encode(image, "png");
  }

  private static byte[] grey() {
    return png(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY), 256);
  }

  private static void assertLabels(byte[] png, int classes) throws BrokenImageException {
    LabelImage image = LabelImage.decode(png);
    assertThat(image.width()).isEqualTo(WIDTH);
    assertThat(image.height()).isEqualTo(HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        assertThat(image.label(x, y)).isEqualTo(label(x, y, classes));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void readsThePalettesIndex(int bits) throws BrokenImageException {
    assertLabels(palette(bits), 1 << bits);
  }

  @Test
  void readsGreyAsStored() throws BrokenImageException {
    assertLabels(grey(), 256);
  }

  private static void assertBroken(byte[] bytes, String message) {
    assertThatThrownBy(() -> LabelImage.decode(bytes))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage(message);
  }

  @Test
  void refusesWhatIsNoPng() {
    assertBroken(new byte[0], "the label map is empty");
    assertBroken("a text".getBytes(StandardCharsets.US_ASCII), "the label map is no PNG");
    assertBroken(TestImages.jpeg(8, 8, 1), "the label map is no PNG");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_USHORT_GRAY
      })
  void refusesColoursAlphaAndOtherDepths(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    assertThatThrownBy(() -> LabelImage.decode(TestImages.encode(image, "png")))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageMatching(
            "the label map is a PNG of colour type [0-9] with (8|16) bits: it must be grey \\(0\\) with 8 bits or have a palette \\(3\\)");
  }

  @Test
  void noticesEveryCutAndEveryFlippedBit() {
    for (byte[] whole : new byte[][] {palette(8), palette(2), grey()}) {
      for (int i = 0; i < whole.length; i++) {
        byte[] cut = Arrays.copyOf(whole, i);
        assertThatThrownBy(() -> LabelImage.decode(cut))
            .as("cut at %d", i)
            .isInstanceOf(BrokenImageException.class);
        byte[] flipped = whole.clone();
        flipped[i] ^= 4;
        assertThatThrownBy(() -> LabelImage.decode(flipped))
            .as("byte %d", i)
            .isInstanceOf(BrokenImageException.class);
      }
    }
  }

  /** With checksums that are right, so that the reader sees the damage. */
  @Test
  void survivesHostileHeaders() {
    byte[] whole = palette(8);
    int broken = 0;
    for (int seed = 0; seed < 2000; seed++) {
      byte[] hostile = whole.clone();
      long random = KeyedRandom.hash(seed);
      // Width, height, depth, colour type, compression, filter, interlace.
      hostile[16 + (int) Long.remainderUnsigned(random >>> 8, 13)] = (byte) random;
      checked(hostile);
      try {
        LabelImage.decode(hostile);
      } catch (BrokenImageException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        broken++;
      }
    }
    assertThat(broken).isGreaterThan(1500);
  }

  @Test
  void refusesHugeMapsByTheirHeader() {
    byte[] png = grey();
    ByteBuffer.wrap(png).putInt(16, 20_000).putInt(20, 20_000);
    checked(png);
    assertBroken(png, "20000 x 20000 pixels are not between 1 and 100000000");
  }

  private static void checked(byte[] png) {
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
  }

  @Test
  void refusesAWrongLength() {
    assertThatThrownBy(() -> new LabelImage(3, 2, new byte[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid label map: 5 bytes for 3 x 2 pixels");
  }
}
