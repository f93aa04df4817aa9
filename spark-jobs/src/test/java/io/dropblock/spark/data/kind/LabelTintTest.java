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
}
