package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What ImageNet holds beside plain JPEGs. */
class DirtyImagesTest {
  // 16 x 8 pixels, written by libjpeg 6.2 (Debian's libjpeg62-turbo) from stored inks (200, 100,
  // 50,
  // 240) on the left and (30, 220, 180, 128) on the right.
  private static final String CMYK_WITH_ADOBE_MARKER =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJ"
          + "CAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEB"
          + "AQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQci"
          + "cRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
          + "Z2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV"
          + "1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9IK8Pr8x6/cCv5V6/eCv6CK/D"
          + "+v/Z";
  private static final String YCCK_WITH_ADOBE_MARKER =
      "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJ"
          + "CAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/9sAQwECAgICAgIFAwMFCgcGBwoKCgoKCgoKCgoKCgoK"
          + "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgACAAQBAERAAIRAQMRAQQRAP/E"
          + "AB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUS"
          + "ITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RV"
          + "VldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TF"
          + "xsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgME"
          + "BQYHCAkKC//EALURAAIBAgQEAwQHBQQEAAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1Lw"
          + "FWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoKD"
          + "hIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp"
          + "6vLz9PX29/j5+v/aAA4EAQACEQMRBAAAPwC5X9UH8Tn7gV851/E5/wBJB+H9f//Z";
  private static final String CMYK_WITHOUT_MARKER =
      "/9j/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoK"
          + "BggLDAsKDAkKCgr/wAAUCAAIABAEQxEATREAWREASxEA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQF"
          + "BgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk"
          + "M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWG"
          + "h4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx"
          + "8vP09fb3+Pn6/9oADgRDAE0AWQBLAAA/AP0grw+vzHr9wK/lXr94K/oIr8P6/9k=";

  @Test
  void convertsInvertedInks() throws BrokenImageException {
    // As Pillow 9.4.0 converts them to RGB.
    assertHalves(CMYK_WITH_ADOBE_MARKER, new int[] {188, 94, 47}, new int[] {15, 110, 90});
    assertHalves(YCCK_WITH_ADOBE_MARKER, new int[] {188, 94, 47}, new int[] {15, 111, 90});
  }

  @Test
  void takesInksWithoutAMarkerAsTheyAre() throws BrokenImageException {
    // (1 - C)(1 - K); Pillow would take them as inverted.
    assertHalves(CMYK_WITHOUT_MARKER, new int[] {3, 9, 12}, new int[] {112, 17, 37});
  }

  @Test
  void noticesEveryCutOfACmykJpeg() {
    byte[] whole = Base64.getDecoder().decode(YCCK_WITH_ADOBE_MARKER);
    for (int length = 0; length < whole.length; length += 3) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImageDecoder.decode(cut))
          .as("cut to %d of %d", length, whole.length)
          .isInstanceOf(BrokenImageException.class);
    }
  }

  @Test
  void ignoresTheOrientationOfExif() throws BrokenImageException, IOException {
    byte[] plain = TestImages.jpeg(24, 16, 1);
    // TIFF, little-endian, one entry: tag 0x0112, type short, count 1, value 6 (turn by 90
    // degrees).
    int[] exif = {
      0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0,
      1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0
    };
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(plain, 0, 2);
    for (int value : exif) {
      turned.write(value);
    }
    turned.write(plain, 2, plain.length - 2);
    Image image = ImageDecoder.decode(turned.toByteArray());
    assertThat(image.width()).isEqualTo(24);
    assertThat(image.rgb()).isEqualTo(ImageDecoder.decode(plain).rgb());
  }

  @Test
  void givesGreyThreeEqualChannels() throws BrokenImageException {
    BufferedImage grey = TestImages.patches(16, 16, BufferedImage.TYPE_BYTE_GRAY, 1);
    Image image = ImageDecoder.decode(TestImages.encode(grey, "jpg"));
    for (int i = 0; i < 256; i++) {
      assertThat(image.value(i % 16, i / 16, 1)).isEqualTo(image.value(i % 16, i / 16, 0));
      assertThat(image.value(i % 16, i / 16, 2)).isEqualTo(image.value(i % 16, i / 16, 0));
    }
  }

  private static void assertHalves(String jpeg, int[] left, int[] right)
      throws BrokenImageException {
    Image image = ImageDecoder.decode(Base64.getDecoder().decode(jpeg));
    assertThat(image.width()).isEqualTo(16);
    assertThat(image.height()).isEqualTo(8);
    for (int channel = 0; channel < 3; channel++) {
      assertThat(image.value(3, 3, channel)).isCloseTo(left[channel], Offset.offset(1));
      assertThat(image.value(12, 3, channel)).isCloseTo(right[channel], Offset.offset(1));
    }
  }
}
