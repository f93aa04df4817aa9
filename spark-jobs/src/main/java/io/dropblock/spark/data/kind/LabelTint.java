package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.LabelImage;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A label map laid over its image in the colours of PASCAL VOC. */
final class LabelTint {
  private LabelTint() {}

  /**
   * Tints a picture half and half; the background stays as it is, void becomes its colour.
   *
   * @param picture RGB, of the same shape as the label map, but of any size
   */
  static void paint(BufferedImage picture, LabelImage labels) {
    for (int y = 0; y < picture.getHeight(); y++) {
      int row = (int) ((2L * y + 1) * labels.height() / (2L * picture.getHeight()));
      for (int x = 0; x < picture.getWidth(); x++) {
        int column = (int) ((2L * x + 1) * labels.width() / (2L * picture.getWidth()));
        int label = labels.label(column, row);
        if (label == LabelMap.VOID) {
          picture.setRGB(x, y, LabelColours.of(label));
        } else if (label > 0) {
          picture.setRGB(x, y, mean(LabelColours.of(label), picture.getRGB(x, y)));
        }
      }
    }
  }

  private static int mean(int one, int other) {
    int rgb = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      rgb |= ((one >> shift & 0xFF) + (other >> shift & 0xFF)) / 2 << shift;
    }
    return rgb;
  }

  /** The classes that a label map shows but for the background, that of most pixels first. */
  static List<Integer> classes(LabelImage labels) {
    int[] pixels = new int[256];
    for (byte label : labels.labels()) {
      pixels[label & 0xFF]++;
    }
    return IntStream.range(1, LabelMap.VOID)
        .filter(label -> pixels[label] > 0)
        .boxed()
        .sorted(Comparator.comparingInt((Integer label) -> -pixels[label]))
        .toList();
  }
}
