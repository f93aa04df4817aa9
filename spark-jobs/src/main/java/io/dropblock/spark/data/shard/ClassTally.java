package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.image.LabelImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Checks what is said of images, and counts what they show: images of each class; for detection
 * objects of each class, for segmentation images that show the class, and pixels.
 */
public final class ClassTally {
  private final long[] counts;
  private final long[] pixels = new long[LabelMap.VOID + 1];

  /** Nothing counted so far. */
  public ClassTally(int classes) {
    counts = new long[classes];
  }

  /**
   * Counts an image.
   *
   * @param size of the image
   * @return a class to show it under: its own; that of its largest object; that of most pixels but
   *     those of label 0, the background; 0 where there is none
   * @throws BrokenImageException where the annotation does not fit the image or the classes;
   *     nothing is counted then
   */
  public int add(Annotation annotation, ImageSize size) throws BrokenImageException {
    if (annotation instanceof ClassLabel image) {
      requireClass(image.label());
      counts[image.label()]++;
      return image.label();
    }
    return annotation instanceof ObjectSet set ? add(set, size) : add((LabelMap) annotation, size);
  }

  private int add(ObjectSet set, ImageSize size) throws BrokenImageException {
    for (ImageObject object : set.objects()) {
      check(object, size);
    }
    set.objects().forEach(object -> counts[object.label()]++);
    return set.objects().stream()
        .max(Comparator.comparingDouble(ImageObject::area))
        .map(ImageObject::label)
        .orElse(0);
  }

  private int add(LabelMap map, ImageSize size) throws BrokenImageException {
    LabelImage labels = LabelImage.decode(map.png());
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
    int classes = Math.min(counts.length, LabelMap.VOID);
    for (int label = classes; label < LabelMap.VOID; label++) {
      if (found[label] > 0) {
        throw new BrokenImageException(
            String.format(
                Locale.ROOT,
                "the label map has %d pixels of label %d, but there are %d classes",
                found[label],
                label,
                counts.length));
      }
    }
    int main = 0;
    for (int label = 0; label < classes; label++) {
      counts[label] += found[label] > 0 ? 1 : 0;
      boolean more = found[label] > (main == 0 ? 0 : found[main]);
      main = label > 0 && more ? label : main;
    }
    Arrays.setAll(pixels, label -> pixels[label] + found[label]);
    return main;
  }

  /** Counts by label. */
  public List<Long> counts() {
    return Arrays.stream(counts).boxed().toList();
  }

  /** Pixels of the label maps. */
  public LabelPixels pixels() {
    return new LabelPixels(
        IntStream.range(0, counts.length)
            .mapToObj(label -> label < LabelMap.VOID ? pixels[label] : 0L)
            .toList(),
        pixels[LabelMap.VOID]);
  }

  private void check(ImageObject object, ImageSize size) throws BrokenImageException {
    requireClass(object.label());
    boolean inside =
        object.box().x() >= 0
            && object.box().y() >= 0
            && object.box().right() <= size.width()
            && object.box().bottom() <= size.height();
    if (!inside) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT,
              "the box of object %d, %s, leaves the image of %d x %d pixels",
              object.id(),
              object.box(),
              size.width(),
              size.height()));
    }
  }

  private void requireClass(int label) throws BrokenImageException {
    if (label >= counts.length) {
      throw new BrokenImageException(
          String.format(Locale.ROOT, "label %d of %d classes", label, counts.length));
    }
  }
}
