package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import java.util.Arrays;
import java.util.List;

/**
 * Checks what is said of images, and counts what they show: images of each class; for detection
 * objects of each class, for segmentation images that show the class.
 */
public final class ClassTally {
  private final long[] counts;

  /** Nothing counted so far. */
  public ClassTally(int classes) {
    counts = new long[classes];
  }

  /**
   * Counts an image.
   *
   * @param size of the image
   * @throws BrokenImageException where the annotation does not fit the image or the classes;
   *     nothing is counted then
   */
  public void add(Annotation annotation, ImageSize size) throws BrokenImageException {
    if (annotation instanceof ClassLabel image) {
      requireClass(image.label());
      counts[image.label()]++;
    } else if (annotation instanceof ObjectSet set) {
      for (ImageObject object : set.objects()) {
        check(object, size);
      }
      set.objects().forEach(object -> counts[object.label()]++);
    } else {
      throw new BrokenImageException("label maps are not supported");
    }
  }

  /** Counts by label. */
  public List<Long> counts() {
    return Arrays.stream(counts).boxed().toList();
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
          "the box of object %d, %s, leaves the image of %d x %d pixels"
              .formatted(object.id(), object.box(), size.width(), size.height()));
    }
  }

  private void requireClass(int label) throws BrokenImageException {
    if (label >= counts.length) {
      throw new BrokenImageException("label %d of %d classes".formatted(label, counts.length));
    }
  }
}
