package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.image.Normalization;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SegmentationPictureTest {
  private static final List<String> CLASSES = List.of("background", "circle", "square");
  private static final int CIRCLE = 0x800000;
  private static final int SQUARE = 0x008000;
  private static final int VOID = 0xE0E0C0;

  /** Grey; above, the truth is a circle, below background; the prediction a square to the left. */
  private static SegmentationRow row(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 100);
    byte[] truth = new byte[width * height];
    byte[] predicted = new byte[width * height];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (byte) (i / width < height / 2 ? 1 : 0);
      predicted[i] = (byte) (i % width < width / 2 ? 2 : 0);
    }
    return new SegmentationRow(
        new Image(width, height, rgb),
        new LabelImage(width, height, truth),
        new LabelImage(width, height, predicted));
  }

  private static int pixel(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xFFFFFF;
  }

  @Test
  void drawsImageTruthAndPredictionSideBySide() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SegmentationPicture(CLASSES, List.of(row(100, 50), row(600, 600))).write(out);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    // Three cells of 200 pixels and four gaps of 8; a line, rows of 100 and 200, one line of names.
    assertThat(picture.getWidth()).isEqualTo(632);
    assertThat(picture.getHeight()).isEqualTo(20 + 8 + 100 + 8 + 200 + 8 + 20 + 8);
    for (int[] row : new int[][] {{28, 100}, {136, 200}}) {
      int top = row[0];
      int height = row[1];
      for (int[] cell :
          new int[][] {
            {8, 0x646464, 0x646464, 0x646464, 0x646464},
            {216, CIRCLE, CIRCLE, 0, 0},
            {424, SQUARE, 0, SQUARE, 0}
          }) {
        int left = cell[0];
        assertThat(pixel(picture, left, top)).isEqualTo(cell[1]);
        assertThat(pixel(picture, left + 98, top + height / 2 - 2)).isEqualTo(cell[1]);
        assertThat(pixel(picture, left + 199, top)).isEqualTo(cell[2]);
        assertThat(pixel(picture, left, top + height - 1)).isEqualTo(cell[3]);
        assertThat(pixel(picture, left + 199, top + height - 1)).isEqualTo(cell[4]);
        assertThat(pixel(picture, left - 1, top)).isEqualTo(0xFFFFFF);
        assertThat(pixel(picture, left + 200, top)).isEqualTo(0xFFFFFF);
        assertThat(pixel(picture, left, top - 1)).isEqualTo(0xFFFFFF);
        assertThat(pixel(picture, left, top + height)).isEqualTo(0xFFFFFF);
      }
    }
  }

  /** Squares of their colours, in the order of the labels, and text beside each. */
  @Test
  void namesTheClassesThatAreThere() {
    SegmentationRow row = row(200, 100);
    row.predicted().labels()[0] = (byte) 255;
    BufferedImage picture = new SegmentationPicture(CLASSES, List.of(row)).draw();
    int top = 28 + 100 + 8;
    assertThat(pixel(picture, 8 + 6, top + 10)).isZero();
    assertThat(pixel(picture, 216 + 6, top + 10)).isEqualTo(CIRCLE);
    assertThat(pixel(picture, 424 + 6, top + 10)).isEqualTo(SQUARE);
    assertThat(pixel(picture, 8 + 6, top + 20 + 10)).isEqualTo(VOID);
    assertThat(pixel(picture, 216 + 6, top + 20 + 10)).isEqualTo(0xFFFFFF);
    for (int left : new int[] {8, 216, 424}) {
      boolean text = false;
      for (int i = 0; i < 60 * 20; i++) {
        text |= pixel(picture, left + 20 + i % 60, top + i / 60) != 0xFFFFFF;
      }
      assertThat(text).isTrue();
    }
    Arrays.fill(row.predicted().labels(), (byte) 0);
    BufferedImage less = new SegmentationPicture(CLASSES, List.of(row)).draw();
    assertThat(pixel(less, 216 + 6, top + 10)).isEqualTo(CIRCLE);
    assertThat(pixel(less, 424 + 6, top + 10)).isEqualTo(0xFFFFFF);
  }

  @Test
  void takesAnImageOfABatchWithoutItsPadding() {
    Normalization normalization = Normalization.IMAGENET;
    int side = 7;
    byte[] truth = new byte[2 * side * side];
    byte[] predicted = new byte[truth.length];
    float[] pixels = new float[3 * truth.length];
    // Of the second image 4 columns and 5 rows are there; a column within is void.
    for (int i = 0; i < side * side; i++) {
      int x = i % side;
      int y = i / side;
      boolean there = x < 4 && y < 5;
      truth[side * side + i] = (byte) (there && x != 2 ? 1 : 255);
      predicted[side * side + i] = (byte) (x == 1 ? 2 : 0);
      for (int channel = 0; channel < 3; channel++) {
        float level = 10 * x + y + 70 * channel;
        pixels[(3 + channel) * side * side + i] = there ? normalization.apply(level, channel) : 0;
      }
    }
    SegmentationRow row =
        SegmentationRow.of(FloatBuffer.wrap(pixels), normalization, 1, side, truth, predicted);
    assertThat(row.image().width()).isEqualTo(4);
    assertThat(row.image().height()).isEqualTo(5);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 4; x++) {
        assertThat(row.truth().label(x, y)).isEqualTo(x == 2 ? 255 : 1);
        assertThat(row.predicted().label(x, y)).isEqualTo(x == 1 ? 2 : 0);
        for (int channel = 0; channel < 3; channel++) {
          assertThat(row.image().value(x, y, channel)).isEqualTo(10 * x + y + 70 * channel);
        }
      }
    }
  }

  @Test
  void refusesMapsOfAnotherSizeAndNoImages() {
    SegmentationRow row = row(4, 2);
    assertThatThrownBy(
            () -> new SegmentationRow(row.image(), row.truth(), new LabelImage(2, 4, new byte[8])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot show an image of 4 x 2 pixels with maps of 4 x 2 and 2 x 4");
    assertThatThrownBy(() -> new SegmentationPicture(CLASSES, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot draw a picture of no images");
  }
}
