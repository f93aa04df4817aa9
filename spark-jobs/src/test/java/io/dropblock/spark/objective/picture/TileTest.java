package io.dropblock.spark.objective.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.Image;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TileTest {
  private static Image noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(1).nextBytes(rgb);
    return new Image(width, height, rgb);
  }

  @Test
  void aSmallPictureStaysAsItIs() {
    Image image = noise(7, 5);
    for (Tile tile : new Tile[] {Tile.mean(image, 7), Tile.nearest(image, 128)}) {
      assertThat(tile.image().width()).isEqualTo(7);
      assertThat(tile.image().height()).isEqualTo(5);
      assertThat(tile.image().rgb()).isEqualTo(image.rgb());
    }
  }

  /** Each pixel is the mean of 2 x 2. */
  @Test
  void aPixelIsTheMeanOfThoseItStandsFor() {
    Image image = noise(8, 4);
    Tile tile = Tile.mean(image, 4);
    assertThat(tile.width()).isEqualTo(4);
    assertThat(tile.height()).isEqualTo(2);
    for (int i = 0; i < 24; i++) {
      int x = i / 3 % 4 * 2;
      int y = i / 12 * 2;
      int channel = i % 3;
      double mean =
          (image.value(x, y, channel)
                  + image.value(x + 1, y, channel)
                  + image.value(x, y + 1, channel)
                  + image.value(x + 1, y + 1, channel))
              / 4.;
      assertThat(tile.image().value(i / 3 % 4, i / 12, channel))
          .isEqualTo((int) Math.floor(mean + .5));
    }
  }

  @Test
  void nearestMakesNoNewColours() {
    Image image = noise(33, 21);
    Set<Integer> colours = colours(image);
    Image nearest = Tile.nearest(image, 10).image();
    assertThat(colours).containsAll(colours(nearest));
    assertThat(colours).doesNotContainAnyElementsOf(colours(Tile.mean(image, 10).image()));
  }

  private static Set<Integer> colours(Image image) {
    Set<Integer> colours = new HashSet<>();
    for (int i = 0; i < image.width() * image.height(); i++) {
      colours.add(Arrays.hashCode(Arrays.copyOfRange(image.rgb(), 3 * i, 3 * i + 3)));
    }
    return colours;
  }

  @Test
  void aLineHasAPixel() {
    Tile tile = Tile.mean(noise(1000, 1), 50);
    assertThat(tile.width()).isEqualTo(50);
    assertThat(tile.height()).isEqualTo(1);
    assertThat(Tile.mean(noise(2, 900), 50).width()).isEqualTo(1);
  }
}
