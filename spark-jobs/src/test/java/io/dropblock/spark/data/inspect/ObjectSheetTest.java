package io.dropblock.spark.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.annotation.Box;
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
class ObjectSheetTest {
  private static final int GREY = 0xFF808080;
  private static final int LEFT = 8;
  // Pictures lie at the lower edge of a square of 320 pixels.
  private static final int TOP = 8 + 80;

  @Test
  void drawsTheBoxInTheColourOfTheClass() {
    BufferedImage sheet = draw(object(1, new Box(100, 60, 400, 300), false, null));
    int colour = ObjectPainter.colour(1).getRGB();
    assertThat(colour).isNotEqualTo(ObjectPainter.colour(0).getRGB());
    // Columns 50 to 249 and rows 30 to 179 of the picture.
    for (int[] at : new int[][] {{249, 30}, {50, 179}, {249, 179}, {150, 179}, {249, 100}}) {
      assertThat(at(sheet, at[0], at[1])).as(Arrays.toString(at)).isEqualTo(colour);
    }
    for (int[] at : new int[][] {{49, 100}, {250, 100}, {150, 29}, {150, 180}, {150, 100}}) {
      assertThat(at(sheet, at[0], at[1])).as(Arrays.toString(at)).isEqualTo(GREY);
    }
    // The name, dark on the colour, in the upper left corner.
    assertThat(count(sheet, 51, 31, 60, 14, colour)).isGreaterThan(50);
    assertThat(count(sheet, 51, 31, 60, 14, Color.BLACK.getRGB())).isGreaterThan(10);
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
    Color inside = new Color(at(first, 150, 100));
    Color full = ObjectPainter.colour(0);
    assertThat(inside.getRed()).isBetween(0x81, full.getRed() - 1);
    assertThat(inside.getGreen()).isBetween(full.getGreen() + 1, 0x7F);
    assertThat(at(first, 48, 100)).isEqualTo(GREY);
  }

  @Test
  void crowdsHaveBrokenLines() {
    Box box = new Box(100, 60, 400, 300);
    int colour = ObjectPainter.colour(1).getRGB();
    BufferedImage one = draw(object(1, box, false, null));
    BufferedImage crowd = draw(object(1, box, true, null));
    assertThat(count(one, 50, 179, 200, 1, colour)).isEqualTo(200);
    assertThat(count(crowd, 50, 179, 200, 1, colour)).isBetween(80, 120);
  }

  @Test
  void smallObjectsLieAboveLargeOnesAndNothingBesideThePicture() {
    ImageObject large = object(0, new Box(0, 0, 640, 480), false, null);
    ImageObject small = object(1, new Box(630, 200, 10, 10), false, null);
    assertThat(at(draw(large, small), 319, 102)).isEqualTo(ObjectPainter.colour(1).getRGB());
    BufferedImage sheet = draw(small, large);
    assertThat(at(sheet, 319, 102)).isEqualTo(ObjectPainter.colour(1).getRGB());
    assertThat(at(sheet, 319, 239)).isEqualTo(ObjectPainter.colour(0).getRGB());
    for (int y = 0; y < 240; y++) {
      assertThat(at(sheet, -1, y)).isEqualTo(Color.WHITE.getRGB());
      assertThat(at(sheet, 320, y)).isEqualTo(Color.WHITE.getRGB());
    }
    assertThat(at(sheet, 5, -1)).isEqualTo(Color.WHITE.getRGB());
  }

  @Test
  void countsObjectsBySizeAndImage() {
    ObjectStatistics statistics = new ObjectStatistics();
    statistics.add(new ObjectSet(1, List.of()));
    statistics.add(set(area(1023.9, false), area(1024, true), area(9215.9, false)));
    ObjectStatistics more = new ObjectStatistics();
    more.add(set(area(9216, true)));
    statistics.merge(more);
    assertThat(statistics.count()).isEqualTo(4);
    assertThat(statistics.small()).isEqualTo(1);
    assertThat(statistics.medium()).isEqualTo(2);
    assertThat(statistics.large()).isEqualTo(1);
    assertThat(statistics.crowds()).isEqualTo(2);
    assertThat(statistics.perImage().count(0, 1)).isEqualTo(1);
    assertThat(statistics.perImage().count(1, 3)).isEqualTo(1);
    assertThat(statistics.perImage().count(0, Integer.MAX_VALUE)).isEqualTo(3);
  }

  private static ImageObject area(double area, boolean crowd) {
    return new ImageObject(1, 0, new Box(0, 0, 9, 9), area, crowd, null);
  }

  private static ImageObject object(int label, Box box, boolean crowd, Shape shape) {
    return new ImageObject(1, label, box, box.width() * box.height(), crowd, shape);
  }

  private static ObjectSet set(ImageObject... objects) {
    return new ObjectSet(1, List.of(objects));
  }

  private static BufferedImage draw(ImageObject... objects) {
    byte[] rgb = new byte[3 * 320 * 240];
    Arrays.fill(rgb, (byte) 0x80);
    Thumbnail thumbnail = new Thumbnail(0, List.of(), 320, 240, rgb, set(objects), .5, .5);
    return new ContactSheet(List.of("cat", "dog"), List.of(thumbnail)).draw();
  }

  private static int at(BufferedImage sheet, int x, int y) {
    return sheet.getRGB(LEFT + x, TOP + y);
  }

  private static int count(BufferedImage sheet, int x, int y, int width, int height, int colour) {
    return (int)
        Arrays.stream(sheet.getRGB(LEFT + x, TOP + y, width, height, null, 0, width))
            .filter(pixel -> pixel == colour)
            .count();
  }

  private static int[] pixels(BufferedImage sheet) {
    return sheet.getRGB(0, 0, sheet.getWidth(), sheet.getHeight(), null, 0, sheet.getWidth());
  }
}
