package io.dropblock.spark.data.source.coco.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.annotation.Box;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CocoBoxTest {
  @Test
  void noCutBoxEndsBeyondItsImage() throws CocoFlaw {
    Random random = new Random(4);
    CocoImage image = new CocoImage(CocoId.of(1), "a", 613, 427, Set.of(), null);
    for (int i = 0; i < 100_000; i++) {
      double x = random.nextDouble() * 700 - 50;
      double y = random.nextDouble() * 500 - 50;
      double[] bbox = {x, y, 1 + random.nextInt(700) / 100. - Math.min(0, x), 60 - Math.min(0, y)};
      if (i % 2 == 0) {
        // Mostly small, where a difference to the image's side is rounded.
        x = random.nextDouble() * Math.pow(2, -random.nextInt(60));
        bbox[0] = x;
        bbox[2] = 613 - x + random.nextInt(2);
      }
      if (x < 613 && y < 427) {
        Box box = CocoBox.within(image, bbox);
        assertThat(box.right() <= 613 && box.bottom() <= 427).isTrue();
        boolean inside = x >= 0 && y >= 0 && x + bbox[2] <= 613 && y + bbox[3] <= 427;
        assertThat(box.equals(new Box(x, y, bbox[2], bbox[3]))).isEqualTo(inside);
      }
    }
  }
}
