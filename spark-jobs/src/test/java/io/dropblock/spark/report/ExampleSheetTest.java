package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.evaluate.example.Example;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Hue;
import io.dropblock.spark.objective.picture.Mark;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleSheetTest {
  private static final int SIDE = 40;
  private static final int GREEN = 0x2E7D32;
  private static final int RED = 0xC62828;

  private static Tile plain(int grey, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) grey);
    return Tile.mean(new Image(width, height, rgb), 400);
  }

  private static Example example(int place, boolean right, Panel... panels) {
    return new Example(
        place,
        1,
        right,
        new Exhibit(
            "", List.of("a", "b"), List.of(panels), List.of(new Hue(3, 0x123456, "three"))));
  }

  private static Panel panel(String head, int grey, Mark... marks) {
    return new Panel(head, plain(grey, 10, 10), false, List.of(marks));
  }

  private static BufferedImage sheet(List<Example> examples) {
    return new ExampleSheet(List.of(new ExampleSheet.Section("title", examples)), SIDE).draw();
  }

  private static int pixel(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xFFFFFF;
  }

  /** Cells of 40 + 8 + 8 by 40 + 2 + 4 + 3 x 16 + 8 below a title of 28; 16 on the left. */
  @Test
  void fourOfOnePanelAreARow() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      examples.add(example(i, i == 1, panel("", 20 * i + 10)));
    }
    BufferedImage sheet = sheet(examples);
    assertThat(sheet.getWidth()).isEqualTo(16 + 4 * 56);
    assertThat(sheet.getHeight()).isEqualTo(28 + 2 * 102 + 20 + 8);
    for (int i = 0; i < 5; i++) {
      int left = 16 + i % 4 * 56;
      int top = 28 + i / 4 * 102;
      int colour = (20 * i + 10) * 0x010101;
      assertThat(pixel(sheet, left, top)).isEqualTo(colour);
      assertThat(pixel(sheet, left + 39, top + 39)).isEqualTo(colour);
      assertThat(pixel(sheet, left + 20, top + 43)).isEqualTo(i == 1 ? GREEN : RED);
    }
    assertThat(pixel(sheet, 16 + 56, 28 + 102)).isEqualTo(0xFFFFFF);
    // the colour's meaning, once
    assertThat(pixel(sheet, 16 + 6, 28 + 204 + 6)).isEqualTo(0x123456);
    assertThat(pixel(sheet, 16 + 48 + 6, 28 + 204 + 6)).isEqualTo(0xFFFFFF);
  }

  @Test
  void panelsAreSideBySideUnderTheirHeadsAndHaveMarks() {
    Mark mark = new Mark(.25f, .25f, .75f, .75f, 0, "");
    BufferedImage sheet =
        sheet(List.of(example(0, true, panel("left", 9, mark), panel("right", 200))));
    // heads take a line of 16
    assertThat(pixel(sheet, 16, 44)).isEqualTo(0x090909);
    assertThat(pixel(sheet, 16 + 48, 44)).isEqualTo(0xC8C8C8);
    assertThat(pixel(sheet, 16 + 10, 44 + 20)).isEqualTo(0xFF2626);
    assertThat(pixel(sheet, 16 + 20, 44 + 20)).isEqualTo(0x090909);
  }

  @Test
  void noExamplesAreATitle() throws IOException {
    assertThat(sheet(List.of()).getHeight()).isEqualTo(28 + 8);
    List<Example> one = List.of(example(0, true, panel("", 7)));
    ExampleSheet.Section section = new ExampleSheet.Section("title", one);
    assertThat(new ExampleSheet(List.of(section), SIDE).png())
        .isEqualTo(new ExampleSheet(List.of(section), SIDE).png());
  }

  /** Longer texts end within their cell. */
  @Test
  void textsDoNotLeaveTheirCell() {
    Exhibit wordy =
        new Exhibit(
            "a name that is long",
            List.of("a caption that is as long as three cells or more"),
            List.of(panel("", 0)),
            List.of());
    BufferedImage sheet = sheet(List.of(new Example(0, 1, false, wordy)));
    for (int x = 16 + SIDE + 1; x < sheet.getWidth(); x++) {
      for (int y = 28; y < sheet.getHeight(); y++) {
        assertThat(pixel(sheet, x, y)).isEqualTo(0xFFFFFF);
      }
    }
  }
}
