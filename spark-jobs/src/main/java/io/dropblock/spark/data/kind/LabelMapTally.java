package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.text.Count;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Counts images that show each class, and pixels. */
public final class LabelMapTally implements ClassTally {
  private static final long serialVersionUID = 1L;

  private final LabelCounts images;
  private final long[] pixels = new long[LabelMap.VOID + 1];

  LabelMapTally(int classes) {
    images = new LabelCounts(classes);
  }

  /** Returns the class of most pixels but those of label 0, the background. */
  @Override
  public int add(Annotation annotation, ImageSize size) throws BrokenImageException {
    LabelImage labels = LabelImage.decode(((LabelMap) annotation).png());
    if (labels.width() != size.width() || labels.height() != size.height()) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT,
              "the label map has %d x %d pixels, but its image has %d x %d",
              labels.width(),
              labels.height(),
              size.width(),
              size.height()));
    }
    int[] found = new int[pixels.length];
    for (byte label : labels.labels()) {
      found[label & 0xFF]++;
    }
    checkLabels(found);
    int main = 0;
    for (int label = 0; label < classes(); label++) {
      if (found[label] > 0) {
        images.add(label);
      }
      boolean more = found[label] > (main == 0 ? 0 : found[main]);
      main = label > 0 && more ? label : main;
    }
    Arrays.setAll(pixels, label -> pixels[label] + found[label]);
    return main;
  }

  private void checkLabels(int[] found) throws BrokenImageException {
    for (int label = classes(); label < LabelMap.VOID; label++) {
      if (found[label] > 0) {
        throw new BrokenImageException(
            String.format(
                Locale.ROOT,
                "the label map has %s of label %d, but there are %d classes",
                Count.of(found[label], "pixel"),
                label,
                images.classes()));
      }
    }
  }

  /** Those that a label map can show. */
  private int classes() {
    return Math.min(images.classes(), LabelMap.VOID);
  }

  @Override
  public void merge(ClassTally other) {
    LabelMapTally more = (LabelMapTally) other;
    images.merge(more.images);
    Arrays.setAll(pixels, label -> pixels[label] + more.pixels[label]);
  }

  @Override
  public List<Long> counts() {
    return images.list();
  }

  /** Pixels of all label maps. */
  public LabelPixels pixels() {
    return new LabelPixels(
        IntStream.range(0, images.classes())
            .mapToObj(label -> label < LabelMap.VOID ? pixels[label] : 0L)
            .toList(),
        pixels[LabelMap.VOID]);
  }
}
