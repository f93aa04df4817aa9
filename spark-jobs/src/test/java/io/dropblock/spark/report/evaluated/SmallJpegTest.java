package io.dropblock.spark.report.evaluated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SmallJpegTest {
  @Test
  void noiseBecomesSmallerUntilItFits() throws IOException {
    BufferedImage noise = new BufferedImage(1200, 900, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 1200 * 900; i++) {
      noise.setRGB(i % 1200, i / 1200, random.nextInt());
    }
    byte[] jpeg = SmallJpeg.of(noise, 60_000);
    assertThat(jpeg).hasSizeBetween(30_000, 60_000);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(jpeg));
    assertThat(read.getWidth() / (double) read.getHeight()).isCloseTo(4 / 3., within(.02));
  }

  @Test
  void whatFitsStaysAsLarge() throws IOException {
    BufferedImage plain = new BufferedImage(1200, 900, BufferedImage.TYPE_INT_RGB);
    byte[] jpeg = SmallJpeg.of(plain, 60_000);
    assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(1200);
  }
}
