package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ClassColours;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.annotation.Shape;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects of a grey image of 640 x 480 pixels, drawn at half its size. */
class ObjectPainterTest {
  private static final int GREY = 0xFF808080;

  @Test
  void drawsTheBoxInTheColourOfTheClass() {
    BufferedImage picture = draw(object(1, new Box(100, 60, 400, 300), false, null));
    int colour = ClassColours.of(1).getRGB();
    assertThat(colour).isNotEqualTo(ClassColours.of(0).getRGB());
    // Columns 50 to 249 and rows 30 to 179 of the picture.
    for (int[] at : new int[][] {{249, 30}, {50, 179}, {249, 179}, {150, 179}, {249, 100}}) {
      assertThat(picture.getRGB(at[0], at[1])).as(Arrays.toString(at)).isEqualTo(colour);
    }
    for (int[] at : new int[][] {{49, 100}, {250, 100}, {150, 29}, {150, 180}, {150, 100}}) {
      assertThat(picture.getRGB(at[0], at[1])).as(Arrays.toString(at)).isEqualTo(GREY);
    }
    // The name, dark on the colour, in the upper left corner.
    assertThat(count(picture, 51, 31, 60, 14, colour)).isGreaterThan(50);
    assertThat(count(picture, 51, 31, 60, 14, Color.BLACK.getRGB())).isGreaterThan(10);
  }

  @Test
  void tintsPolygonsAndRunsAlike() {
    Shape polygons = new Polygons(new float[][] {{100, 60, 500, 60, 500, 360, 100, 360}});
    int[] counts = new int[2 * 400 + 1];
    Arrays.fill(counts, 180);
    for (int i = 1; i < counts.length; i += 2) {
      counts[i] = 300;
    }
    counts[0] = 100 * 480 + 60;
    counts[800] = 120 + 140 * 480;
    Shape runs = RunLengths.of(640, 480, counts);
    BufferedImage first = draw(object(0, new Box(100, 60, 400, 300), false, polygons));
    BufferedImage second = draw(object(0, new Box(100, 60, 400, 300), false, runs));
    assertThat(pixels(first)).isEqualTo(pixels(second));
    Color inside = new Color(first.getRGB(150, 100));
    Color full = ClassColours.of(0);
    assertThat(inside.getRed()).isBetween(0x81, full.getRed() - 1);
    assertThat(inside.getGreen()).isBetween(full.getGreen() + 1, 0x7F);
    assertThat(first.getRGB(48, 100)).isEqualTo(GREY);
  }

  @Test
  void crowdsHaveBrokenLines() {
    Box box = new Box(100, 60, 400, 300);
    int colour = ClassColours.of(1).getRGB();
    BufferedImage one = draw(object(1, box, false, null));
    BufferedImage crowd = draw(object(1, box, true, null));
    assertThat(count(one, 50, 179, 200, 1, colour)).isEqualTo(200);
    assertThat(count(crowd, 50, 179, 200, 1, colour)).isBetween(80, 120);
  }

  @Test
  void smallObjectsLieAboveLargeOnes() {
    ImageObject large = object(0, new Box(0, 0, 640, 480), false, null);
    ImageObject small = object(1, new Box(630, 200, 10, 10), false, null);
    assertThat(draw(large, small).getRGB(319, 102)).isEqualTo(ClassColours.of(1).getRGB());
    BufferedImage picture = draw(small, large);
    assertThat(picture.getRGB(319, 102)).isEqualTo(ClassColours.of(1).getRGB());
    assertThat(picture.getRGB(319, 239)).isEqualTo(ClassColours.of(0).getRGB());
  }

  private static ImageObject object(int label, Box box, boolean crowd, Shape shape) {
    return new ImageObject(1, label, box, box.width() * box.height(), crowd, shape);
  }

  private static ObjectSet set(ImageObject... objects) {
    return new ObjectSet(1, List.of(objects));
  }

  private static BufferedImage draw(ImageObject... objects) {
    BufferedImage picture = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 320 * 240; i++) {
      picture.setRGB(i % 320, i / 320, GREY);
    }
    new ObjectSetKind().paint(picture, set(objects), .5, .5, List.of("cat", "dog"));
    return picture;
  }

  private static int count(BufferedImage picture, int x, int y, int width, int height, int colour) {
    return (int)
        Arrays.stream(picture.getRGB(x, y, width, height, null, 0, width))
            .filter(pixel -> pixel == colour)
            .count();
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }
}
