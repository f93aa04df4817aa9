package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribePictureTest {
  private static final String RECIPE = "cifar10-resnet20-dropblock";
  private static final int GAP = 8;
  private static final int SIDE = 260;

  @TempDir private Path folder;

  @Test
  void showsWhatIsDroppedOfEachSizeOfMaps() throws IOException {
    Path white = folder.resolve("white.png");
    BufferedImage photo = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    photo.createGraphics().fillRect(0, 0, SIDE, SIDE);
    ImageIO.write(photo, "png", white.toFile());
    Path file = folder.resolve("dropped.png");

    Answer answer =
        Answer.to("describe", RECIPE, "--picture", file.toString(), "--photo", white.toString());

    assertThat(answer.error()).isEmpty();
    assertThat(answer.out()).endsWith("Picture: " + file + "\n");
    BufferedImage drawn = ImageIO.read(file.toFile());
    // group 3: maps of 8x8, whose keep probability is 0.9; drop scale 1
    int top = drawn.getHeight() - SIDE - 2 * GAP - 20;
    for (int column = 1; column <= 2; column++) {
      int left = GAP + column * (SIDE + GAP);
      assertThat(darkCells(drawn, left, top, 8)).as("column " + column).isBetween(2, 14);
    }
    // blocks of 3x3 have no single dark cell
    assertThat(lonelyCells(drawn, GAP + 2 * (SIDE + GAP), top, 8)).isZero();
    assertThat((double) darkCells(drawn, GAP, top, 8)).isCloseTo(0, within(0.));
  }

  @Test
  void needsNoPhoto() throws IOException {
    Path file = folder.resolve("dropped.png");
    assertThat(Answer.to("describe", RECIPE, "--picture", file.toString()).status()).isZero();
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(4 * GAP + 3 * SIDE);
  }

  @Test
  void refusesWhatCannotBeDrawn() throws IOException {
    String file = folder.resolve("x.png").toString();
    assertRefused("recipe cifar10-resnet20 drops no blocks", "cifar10-resnet20", "--picture", file);
    assertRefused("drops no blocks", "cifar10-resnet20-dropout", "--picture", file);
    Answer photo = Answer.to("describe", RECIPE, "--photo", file);
    assertThat(photo.status()).isEqualTo(2);
    assertThat(photo.error()).contains("Cannot use --photo " + file + " without --picture");
    assertRefused("Cannot read --photo", RECIPE, "--picture", file, "--photo", file + ".none");
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    assertRefused(
        "Cannot read --photo " + text, RECIPE, "--picture", file, "--photo", text.toString());
    assertThat(folder.resolve("x.png")).doesNotExist();
  }

  private static void assertRefused(String reason, String recipe, String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "describe";
    words[1] = recipe;
    System.arraycopy(options, 0, words, 2, options.length);
    Answer answer = Answer.to(words);
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error()).contains(reason);
    assertThat(answer.error().lines()).hasSize(1);
  }

  private static boolean isDark(BufferedImage image, int left, int top, int cells, int x, int y) {
    if (x < 0 || y < 0 || x >= cells || y >= cells) {
      return false;
    }
    int cell = SIDE / cells;
    int pixel = image.getRGB(left + x * SIDE / cells + cell / 2, top + y * SIDE / cells + cell / 2);
    return (pixel & 0xFF) < 0x40;
  }

  private static int darkCells(BufferedImage image, int left, int top, int cells) {
    int dark = 0;
    for (int i = 0; i < cells * cells; i++) {
      dark += isDark(image, left, top, cells, i % cells, i / cells) ? 1 : 0;
    }
    return dark;
  }

  private static int lonelyCells(BufferedImage image, int left, int top, int cells) {
    int lonely = 0;
    for (int i = 0; i < cells * cells; i++) {
      int x = i % cells;
      int y = i / cells;
      boolean beside =
          isDark(image, left, top, cells, x - 1, y) || isDark(image, left, top, cells, x + 1, y);
      lonely += isDark(image, left, top, cells, x, y) && !beside ? 1 : 0;
    }
    return lonely;
  }
}
