package io.dropblock.spark.data.image;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A black image with one white rectangle, the same as an object, the same as a label map. */
record Scene(int width, int height, int x, int y, int boxWidth, int boxHeight) {
  static Scene drawn(RandomGenerator random) {
    int width = 20 + random.nextInt(60);
    int height = 20 + random.nextInt(60);
    int boxWidth = 6 + random.nextInt(width - 6);
    int boxHeight = 6 + random.nextInt(height - 6);
    int x = random.nextInt(width - boxWidth + 1);
    int y = random.nextInt(height - boxHeight + 1);
    return new Scene(width, height, x, y, boxWidth, boxHeight);
  }

  Image image() {
    byte[] rgb = new byte[3 * width * height];
    for (int row = y; row < y + boxHeight; row++) {
      int from = 3 * (row * width + x);
      Arrays.fill(rgb, from, from + 3 * boxWidth, (byte) 255);
    }
    return new Image(width, height, rgb);
  }

  /** The rectangle is {@code inside}, all else {@code outside}. */
  LabelImage labels(int inside, int outside) {
    byte[] labels = new byte[width * height];
    Arrays.fill(labels, (byte) outside);
    for (int row = y; row < y + boxHeight; row++) {
      Arrays.fill(labels, row * width + x, row * width + x + boxWidth, (byte) inside);
    }
    return new LabelImage(width, height, labels);
  }

  Box box() {
    return new Box(x, y, boxWidth, boxHeight);
  }

  ObjectSet objects() {
    return new ObjectSet(17, List.of(object(3, box(), false)));
  }

  static ImageObject object(int label, Box box, boolean crowd) {
    return new ImageObject(1, label, box, box.width() * box.height(), crowd, null);
  }
}
