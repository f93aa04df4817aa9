package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.shard.Resize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortSideTest {
  @ParameterizedTest
  @CsvSource({
    "500,375,64,85,64",
    "375,500,64,64,85",
    "65,65,64,64,64",
    "300,65,64,295,64",
    "1000,640,320,500,320"
  })
  void makesTheShortSideShortAndKeepsTheShape(
      int width, int height, int to, int newWidth, int newHeight) throws Exception {
    byte[] original = TestImages.png(width, height, 1);
    byte[] stored = new ShortSide(Resize.to(to)).reduce(original, ImageDecoder.decode(original));
    Image image = ImageDecoder.decode(stored);
    assertThat(image.width()).isEqualTo(newWidth);
    assertThat(image.height()).isEqualTo(newHeight);
    assertThat(stored).startsWith(0xFF, 0xD8, 0xFF);
  }

  @ParameterizedTest
  @CsvSource({"64,64", "64,500", "1,1", "40,30"})
  void keepsTheBytesOfSmallImages(int width, int height) throws Exception {
    byte[] original = TestImages.jpeg(width, height, 1);
    assertThat(new ShortSide(Resize.to(64)).reduce(original, ImageDecoder.decode(original)))
        .isSameAs(original);
  }

  @Test
  void everyPixelCounts() {
    // A plane stays a plane but at its edges, and the mean of noise its mean.
    Image plane = new Image(90, 60, new byte[90 * 60 * 3]);
    for (int i = 0; i < 90 * 60; i++) {
      plane.rgb()[3 * i] = (byte) (i % 90 * 2);
      plane.rgb()[3 * i + 1] = (byte) (i / 90 * 4);
      plane.rgb()[3 * i + 2] = (byte) (i % 2 * 200);
    }
    Image small = TriangleFilter.scale(plane, 30, 20);
    for (int y = 1; y < 19; y++) {
      for (int x = 1; x < 29; x++) {
        assertThat(small.value(x, y, 0)).isCloseTo(6 * x + 2, within(1));
        assertThat(small.value(x, y, 1)).isCloseTo(12 * y + 4, within(1));
        assertThat(small.value(x, y, 2)).isCloseTo(100, within(13));
      }
    }
  }

  @Test
  void matchesTheTriangleFilterByHand() {
    // 4 pixels to 2: weights 3, 3, 1 of 7 for pixels 0, 1, 2, and mirrored for the other.
    Image row = new Image(4, 1, new byte[] {0, 0, 0, 70, 70, 70, 0, 0, 0, 0, 0, 0});
    Image small = TriangleFilter.scale(row, 2, 1);
    assertThat(small.value(0, 0, 0)).isEqualTo(30);
    assertThat(small.value(1, 0, 0)).isEqualTo(10);
  }

  @Test
  void theQualityIsThatOfTheJpeg() throws Exception {
    byte[] original = TestImages.png(200, 200, 1);
    Image image = ImageDecoder.decode(original);
    byte[] best = new ShortSide(new Resize(100, 100)).reduce(original, image);
    byte[] worst = new ShortSide(new Resize(100, 10)).reduce(original, image);
    assertThat(worst.length).isLessThan(best.length / 3);
    assertThat(new ShortSide(new Resize(100, 100)).reduce(original, image)).isEqualTo(best);
  }

  @Test
  void refusesSizesAndQualitiesThatMakeNoSense() {
    assertThatThrownBy(() -> Resize.to(0))
        .hasMessage("Invalid resize: a short side of 0 pixels is not in 32 to 4096");
    assertThatThrownBy(() -> new Resize(256, 101))
        .hasMessage("Invalid resize: a JPEG quality of 101 is not in 1 to 100");
  }
}
