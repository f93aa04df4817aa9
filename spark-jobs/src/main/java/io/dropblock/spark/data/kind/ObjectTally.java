package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Counts objects of each class, and their sizes. */
public final class ObjectTally implements ClassTally {
  private static final long serialVersionUID = 1L;

  private final LabelCounts counts;
  private final ObjectStatistics objects = new ObjectStatistics();

  ObjectTally(int classes) {
    counts = new LabelCounts(classes);
  }

  /** Returns the class of the largest object. */
  @Override
  public int add(Annotation annotation, ImageSize size) throws BrokenImageException {
    ObjectSet set = (ObjectSet) annotation;
    for (ImageObject object : set.objects()) {
      check(object, size);
    }
    set.objects().forEach(object -> counts.add(object.label()));
    objects.add(set);
    return set.objects().stream()
        .max(Comparator.comparingDouble(ImageObject::area))
        .map(ImageObject::label)
        .orElse(0);
  }

  private void check(ImageObject object, ImageSize size) throws BrokenImageException {
    counts.requireClass(object.label());
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

  @Override
  public void merge(ClassTally other) {
    counts.merge(((ObjectTally) other).counts);
    objects.merge(((ObjectTally) other).objects);
  }

  @Override
  public List<Long> counts() {
    return counts.list();
  }

  /** Their sizes, and how many there are in an image. */
  public ObjectStatistics objects() {
    return objects;
  }
}
