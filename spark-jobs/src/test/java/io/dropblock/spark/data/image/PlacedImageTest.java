package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacedImageTest {
  /** A square of 4, of which an image covers 2 rows of 3 columns. */
  private static final byte[] SQUARE = {
    1, 2, 3, 9,
    4, 5, 6, 9,
    9, 9, 9, 9,
    9, 9, 9, 9
  };

  @Test
  void anImageOfItsOwnSizeIsCutOut() {
    assertThat(new PlacedImage(3, 2, 3, 2).stored(SQUARE, 4)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void eachPixelHasTheLabelWhereItsMiddleLies() {
    // Middles of 6 columns lie at .25, .75, 1.25 ... of 3, those of 4 rows likewise of 2.
    assertThat(new PlacedImage(6, 4, 3, 2).stored(SQUARE, 4))
        .containsExactly(1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6);
    // Of 4 columns at .375, 1.125, 1.875, 2.625 of 3; of 3 rows at .33, 1, 1.67 of 2.
    assertThat(new PlacedImage(4, 3, 3, 2).stored(SQUARE, 4))
        .containsExactly(1, 2, 2, 3, 4, 5, 5, 6, 4, 5, 5, 6);
  }
}
