package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import java.util.List;

/** Counts images of each class. */
final class ClassLabelTally implements ClassTally {
  private static final long serialVersionUID = 1L;

  private final LabelCounts images;

  ClassLabelTally(int classes) {
    images = new LabelCounts(classes);
  }

  /** Returns the image's class. */
  @Override
  public int add(Annotation annotation, ImageSize size) throws BrokenImageException {
    int label = ((ClassLabel) annotation).label();
    images.requireClass(label);
    images.add(label);
    return label;
  }

  @Override
  public void merge(ClassTally other) {
    images.merge(((ClassLabelTally) other).images);
  }

  @Override
  public List<Long> counts() {
    return images.list();
  }
}
