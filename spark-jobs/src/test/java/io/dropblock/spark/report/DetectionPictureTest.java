package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.detection.Detections;
import io.dropblock.spark.data.annotation.ClassColours;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedObjects;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DetectionPictureTest {
  private static final List<String> CLASSES = List.of("circle", "square", "triangle");
  private static final Color GREY = new Color(0x646464);

  private static Image grey(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 100);
    return new Image(width, height, rgb);
  }

  private static PlacedObjects truth(int width, int height, float[] boxes, int... labels) {
    return new PlacedObjects(1, width, height, 1, 1, boxes, labels);
  }

  /** A true square; found a square of .9 to the right of it and a circle of .2. */
  private static DetectionRow row(int width, int height) {
    return new DetectionRow(
        grey(width, height),
        truth(width, height, new float[] {20, 10, 40, 50}, 1),
        new Detections(
            new float[] {20, 30, 40, 70, 0, 0, 9, 9}, new float[] {.9f, .2f}, new int[] {1, 0}));
  }

  private static Color pixel(BufferedImage picture, int x, int y) {
    return new Color(picture.getRGB(x, y));
  }

  /** Two cells of 400 pixels, the image four times as large in each. */
  @Test
  void drawsTrueAndFoundBoxesSideBySide() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DetectionPicture(CLASSES, .3, List.of(row(100, 50), row(100, 100))).write(out);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(picture.getWidth()).isEqualTo(3 * 8 + 2 * 400);
    assertThat(picture.getHeight()).isEqualTo(20 + 8 + 200 + 8 + 400 + 8 + 20 + 8);
    Color square = ClassColours.of(1);
    for (int top : new int[] {28, 236}) {
      for (int left : new int[] {8 + 40, 416 + 120}) {
        // The box has columns left to left + 159 and rows top + 80 to top + 159.
        for (int[] at : new int[][] {{0, 120}, {159, 120}, {80, 159}, {159, 159}, {0, 159}}) {
          assertThat(pixel(picture, left + at[0], top + at[1])).isEqualTo(square);
        }
        for (int[] at : new int[][] {{-2, 120}, {161, 120}, {80, 161}, {80, 120}}) {
          assertThat(pixel(picture, left + at[0], top + at[1])).isEqualTo(GREY);
        }
        // Its name stands above it, dark on the colour.
        assertThat(count(picture, left, top + 64, 60, 16, square)).isGreaterThan(100);
      }
      // Nothing of the circle.
      assertThat(count(picture, 416, top, 40, 40, GREY)).isEqualTo(1600);
    }
    // The square alone is in the legend.
    assertThat(pixel(picture, 8 + 6, 28 + 200 + 8 + 400 + 8 + 10)).isEqualTo(square);
    assertThat(pixel(picture, 416 + 6, 28 + 200 + 8 + 400 + 8 + 10)).isEqualTo(Color.WHITE);
  }

  private static int count(BufferedImage picture, int x, int y, int width, int height, Color of) {
    int count = 0;
    for (int i = 0; i < width * height; i++) {
      count += pixel(picture, x + i % width, y + i / width).equals(of) ? 1 : 0;
    }
    return count;
  }

  /** Also of boxes in the corners, or that leave the image, or are smaller than a pixel. */
  @Test
  void textsAreWithinTheirPictureAndNotOverEachOther() {
    float[] boxes = {
      0, 0, 4, 4, //
      0, 96, 4, 99, //
      96, 0, 99, 4, //
      -9, -9, 200, 200, //
      50, 50, 50.01f, 50.01f, //
      50, 50, 50.01f, 50.01f
    };
    BufferedImage with = picture(boxes, "a-name");
    BufferedImage without = picture(boxes, "");
    int[] text = new int[6];
    for (int y = 0; y < 400; y++) {
      for (int x = 0; x < 400; x++) {
        int at = with.getRGB(8 + x, 28 + y);
        if (at != without.getRGB(8 + x, 28 + y)) {
          for (int label = 0; label < 6; label++) {
            text[label] += at == ClassColours.of(label).getRGB() ? 1 : 0;
          }
        }
      }
    }
    // Each plate of about 45 x 15 pixels is to be seen whole: covered by another, less would be.
    assertThat(Arrays.stream(text).min().orElse(0)).isGreaterThan(200);
    // The second box is in the upper right corner, its plate ends where the picture does.
    assertThat(pixel(with, 8 + 399, 28 + 18)).isEqualTo(ClassColours.of(1));
    for (int y = 28; y < 428; y++) {
      for (int x : new int[] {0, 7, 408, 415}) {
        assertThat(pixel(with, x, y)).isEqualTo(Color.WHITE);
      }
    }
  }

  private static BufferedImage picture(float[] boxes, String name) {
    List<String> names = List.of(name, name, name, name, name, name);
    DetectionRow row =
        new DetectionRow(
            grey(100, 100),
            truth(100, 100, boxes, 0, 1, 2, 3, 4, 5),
            new Detections(new float[0], new float[0], new int[0]));
    return new DetectionPicture(names, 0, List.of(row)).draw();
  }

  @Test
  void takesAnImageOfABatchWithoutItsPadding() {
    Normalization normalization = Normalization.IMAGENET;
    int side = 7;
    float[] pixels = new float[2 * 3 * side * side];
    // Of the second image 4 columns are there, 9 by 4 / 9, and 7 rows.
    for (int i = 0; i < side * side; i++) {
      for (int channel = 0; channel < 3; channel++) {
        float level = 10 * (i % side) + i / side + 60 * channel;
        pixels[(3 + channel) * side * side + i] =
            i % side < 4 ? normalization.apply(level, channel) : 0;
      }
    }
    PlacedObjects truth = new PlacedObjects(1, 9, 14, 4. / 9, .5, new float[0], new int[0]);
    Detections none = new Detections(new float[0], new float[0], new int[0]);
    DetectionRow row =
        DetectionRow.of(FloatBuffer.wrap(pixels), normalization, 1, side, truth, none);
    assertThat(row.image().width()).isEqualTo(4);
    assertThat(row.image().height()).isEqualTo(7);
    for (int i = 0; i < 28; i++) {
      for (int channel = 0; channel < 3; channel++) {
        assertThat(row.image().value(i % 4, i / 4, channel))
            .isEqualTo(10 * (i % 4) + i / 4 + 60 * channel);
      }
    }
  }

  @Test
  void refusesNoImages() {
    assertThatThrownBy(() -> new DetectionPicture(CLASSES, .3, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot draw a picture of no images");
  }
}
