package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.source.voc.TestVoc;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class LabelTintTest {
  @Test
  void laysALargeLabelMapOverASmallImage() throws BrokenImageException {
    LabelImage labels = LabelImage.decode(TestVoc.png(300, 2, (x, y) -> x < 150 ? 1 : 0));
    BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    LabelTint.paint(picture, labels);
    assertThat(picture.getRGB(0, 0)).isEqualTo(0xFF400000);
    assertThat(picture.getRGB(1, 0)).isEqualTo(0xFF000000);
  }

  @Test
  void coloursAreThoseOfVoc() {
    // The palette of VOC 2012's PNGs, as Pillow 12.3.0 reads it.
    int[] palette = {
      0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0x808080, 0x400000,
      0xC00000, 0x408000, 0xC08000, 0x400080, 0xC00080, 0x408080, 0xC08080, 0x004000, 0x804000,
      0x00C000, 0x80C000, 0x004080
    };
    for (int label = 0; label < palette.length; label++) {
      assertThat(LabelTint.colour(label)).as("label %d", label).isEqualTo(palette[label]);
    }
    assertThat(LabelTint.colour(255)).isEqualTo(0xE0E0C0);
  }
}
