package io.dropblock.spark.data.source.voc;

import org.apache.hadoop.fs.Path;

/**
 * Which images of VOC to train on.
 *
 * @param list name of a list in {@code ImageSets/Segmentation}, or path of one that ends with
 *     {@code .txt}; null for {@code train}, with all of SBD that is not in VOC's {@code val} where
 *     SBD is given
 * @param sbd where SBD lies, or null
 */
public record VocTraining(String list, Path sbd) {
  /** The 1464 images of VOC's own {@code train.txt}. */
  public static final VocTraining OWN = new VocTraining(null, null);

  /** Whether the list is a file of its own. */
  boolean listIsPath() {
    return list != null && list.endsWith(".txt");
  }
}
