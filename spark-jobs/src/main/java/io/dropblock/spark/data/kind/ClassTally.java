package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import java.io.Serializable;
import java.util.List;

/**
 * Checks what is said of images, and counts what they show. Exact, and mergeable over shards: those
 * of the same images are the same, however they were shared out.
 */
public interface ClassTally extends Serializable {
  /**
   * Counts an image.
   *
   * @param annotation of the tally's kind
   * @param size of the image
   * @return a class to show it under; 0 where there is none
   * @throws BrokenImageException where the annotation does not fit the image or the classes;
   *     nothing is counted then
   */
  int add(Annotation annotation, ImageSize size) throws BrokenImageException;

  /**
   * Counts what another one has counted.
   *
   * @param other of the same kind, for as many classes
   */
  void merge(ClassTally other);

  /** For each class, by label, how many images or objects show it. */
  List<Long> counts();
}
