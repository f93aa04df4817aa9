package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.TestImages;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFormatTest {
  @Test
  void knowsWhatTheJdkWrites() {
    for (String word : new String[] {"jpeg", "png", "gif", "bmp", "tiff"}) {
      byte[] bytes =
          TestImages.encode(TestImages.patches(8, 8, BufferedImage.TYPE_INT_RGB, 1), word);
      ImageFormat format = ImageFormat.ofEnding(word).orElseThrow();
      assertThat(ImageFormat.of(bytes)).contains(format);
      assertThat(ImageFormat.of(Arrays.copyOf(bytes, ImageFormat.BYTES))).contains(format);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "52494646 24000000 57454250, WEBP",
    "00000020 66747970 68656963, HEIC",
    "0000001c 66747970 6d696631, HEIC",
    "0000001c 66747970 61766966, AVIF",
    "0000000c 6a502020 0d0a870a, JPEG_2000",
    "ff4fff51, JPEG_2000",
    "ff0a, JPEG_XL",
    "0000000c 4a584c20 0d0a870a, JPEG_XL",
    "50360a38, NETPBM",
    "38425053, PHOTOSHOP",
    "00000100, ICON",
    "4d4d002a, TIFF"
  })
  void knowsTheMarksOfOthers(String hex, ImageFormat format) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(ImageFormat.of(bytes)).contains(format);
    assertThat(format.isRead()).isFalse();
    assertThatThrownBy(() -> ImageDecoder.decode(bytes))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage(
            "its format is "
                + format.title()
                + ", whatever its name says, which this program does not read: convert it to JPEG"
                + " or PNG");
  }

  @Test
  void isOfNoFormatWhereItIsShortOrAnother() {
    byte[] webp = "RIFF----WEBP".getBytes(StandardCharsets.US_ASCII);
    for (int length = 0; length < webp.length; length++) {
      assertThat(ImageFormat.of(Arrays.copyOf(webp, length))).isEmpty();
    }
    assertThat(ImageFormat.of("RIFF----WAVE".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(ImageFormat.of("BMW, Peugeot".getBytes(StandardCharsets.US_ASCII))).isEmpty();
  }

  @Test
  void goesByEndingsOfAnyCase() {
    assertThat(ImageFormat.ofEnding("JFIF")).contains(ImageFormat.JPEG);
    assertThat(ImageFormat.ofEnding("jpe")).contains(ImageFormat.JPEG);
    assertThat(ImageFormat.ofEnding("heif")).contains(ImageFormat.HEIC);
    assertThat(ImageFormat.ofEnding("txt")).isEmpty();
    assertThat(ImageFormat.ofEnding("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "version https://git-lfs.github.com/spec/v1, it is a pointer of Git LFS",
    "'  <!DOCTYPE HTML><title>404', 'it is a web page, not an image: its download failed'",
    "<html><body>, 'it is a web page, not an image: its download failed'",
    "GIT, it is neither JPEG nor PNG"
  })
  void saysWhatIsNoImage(String text, String reason) {
    assertThatThrownBy(() -> ImageDecoder.decode(text.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageStartingWith(reason);
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[700]))
        .hasMessage("it begins with 512 zero bytes");
  }
}
