package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.TestImages;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_INDEXED
      })
  void keepsEveryPixelOfAPng(int type) throws BrokenImageException {
    BufferedImage drawn = TestImages.patches(13, 9, type, 1);
    Image image = ImageDecoder.decode(TestImages.encode(drawn, "png"));
    assertThat(image.width()).isEqualTo(13);
    assertThat(image.height()).isEqualTo(9);
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 13; x++) {
        int rgb = image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2);
        assertThat(rgb).isEqualTo(drawn.getRGB(x, y) & 0xFFFFFF);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void keepsGreyAsStored(String format) throws BrokenImageException {
    BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 64; i++) {
      grey.getRaster().setSample(i % 8, i / 8, 0, 100);
    }
    Image image = ImageDecoder.decode(TestImages.encode(grey, format));
    // AWT's own conversion would brighten 100 to 166.
    for (byte value : image.rgb()) {
      assertThat(value & 0xFF).isEqualTo(100);
    }
  }

  @Test
  void takesTheUpperByteOf16Bits() throws BrokenImageException {
    BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 16; i++) {
      grey.getRaster().setSample(i % 4, i / 4, 0, 0xABCD);
    }
    assertThat(ImageDecoder.decode(TestImages.encode(grey, "png")).value(2, 3, 1)).isEqualTo(0xAB);
  }

  @Test
  void decodesAJpegCloseToWhatWasDrawn() throws BrokenImageException {
    BufferedImage drawn = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1024; i++) {
      drawn.setRGB(i % 32, i / 32, 0xC86432);
    }
    Image image = ImageDecoder.decode(TestImages.encode(drawn, "jpg"));
    assertThat(image.value(16, 16, 0)).isBetween(198, 202);
    assertThat(image.value(16, 16, 1)).isBetween(98, 102);
    assertThat(image.value(16, 16, 2)).isBetween(48, 52);
  }

  /** Of a JPEG the end mark's two bytes may be missing: every pixel is there. */
  @ParameterizedTest
  @CsvSource({"png, 0", "jpg, 2"})
  void noticesEveryCut(String format, int end) {
    byte[] whole =
        TestImages.encode(TestImages.patches(40, 40, BufferedImage.TYPE_INT_RGB, 3), format);
    for (int length = 0; length < whole.length - end; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImageDecoder.decode(cut))
          .as("cut to %d of %d", length, whole.length)
          .isInstanceOf(BrokenImageException.class);
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0]))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("the file is empty");
    assertThatThrownBy(
            () -> ImageDecoder.decode("text".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("it is neither JPEG nor PNG");
    byte[] whole = TestImages.jpeg(64, 64, 4);
    assertThatThrownBy(() -> ImageDecoder.decode(Arrays.copyOf(whole, whole.length / 2)))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageMatching("(?i).*(truncated|premature).*");
  }

  @Test
  void noticesEveryFlippedBitOfAPngsData() {
    byte[] png = TestImages.png(16, 16, 5);
    for (int i = 8; i < png.length; i++) {
      byte[] flipped = png.clone();
      flipped[i] ^= 4;
      assertThatThrownBy(() -> ImageDecoder.decode(flipped))
          .as("byte %d", i)
          .isInstanceOf(BrokenImageException.class);
    }
  }

  @Test
  void refusesHugeImagesByTheirHeader() {
    byte[] png = TestImages.png(8, 8, 1);
    // Width and height stand at bytes 16 to 23 of a PNG, their chunk's CRC behind.
    java.nio.ByteBuffer.wrap(png).putInt(16, 20_000).putInt(20, 20_000);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(png, 12, 17);
    java.nio.ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> ImageDecoder.decode(png))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("20000 x 20000 pixels are not between 1 and 100000000");
  }

  @Test
  void saysThatAPngHasFewerPixelsThanItsHeader() {
    byte[] png = TestImages.png(8, 8, 1);
    java.nio.ByteBuffer.wrap(png).putInt(16, 80).putInt(20, 80);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(png, 12, 17);
    java.nio.ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> ImageDecoder.decode(png))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("the data of its pixels is cut short");
  }

  @Test
  void toleratesStrayBytesBeforeTheEndMark() throws BrokenImageException {
    byte[] whole = TestImages.jpeg(16, 16, 6);
    byte[] padded = Arrays.copyOf(whole, whole.length + 9);
    Arrays.fill(padded, whole.length - 2, padded.length - 2, (byte) 0x11);
    padded[padded.length - 2] = (byte) 0xFF;
    padded[padded.length - 1] = (byte) 0xD9;
    assertThat(ImageDecoder.decode(padded).rgb()).isEqualTo(ImageDecoder.decode(whole).rgb());
  }
}
