package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.LabelImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A label map laid over its image in the colours of PASCAL VOC. */
final class LabelTint {
  private LabelTint() {}

  /**
   * Tints an image half and half; the background stays as it is, void becomes its colour.
   *
   * @param image of the same shape as the label map, but of any size
   */
  static Image over(Image image, LabelImage labels) {
    byte[] rgb = image.rgb().clone();
    for (int y = 0; y < image.height(); y++) {
      int row = (int) ((2L * y + 1) * labels.height() / (2L * image.height()));
      for (int x = 0; x < image.width(); x++) {
        int column = (int) ((2L * x + 1) * labels.width() / (2L * image.width()));
        int label = labels.label(column, row);
        if (label > 0) {
          tint(rgb, 3 * (y * image.width() + x), LabelColours.of(label), label == LabelMap.VOID);
        }
      }
    }
    return new Image(image.width(), image.height(), rgb);
  }

  private static void tint(byte[] rgb, int at, int colour, boolean all) {
    for (int channel = 0; channel < 3; channel++) {
      int value = colour >> 16 - 8 * channel & 0xFF;
      rgb[at + channel] = (byte) (all ? value : (value + (rgb[at + channel] & 0xFF)) / 2);
    }
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
