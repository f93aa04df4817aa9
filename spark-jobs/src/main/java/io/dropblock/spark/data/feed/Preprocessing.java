package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.ImageRecord;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * From stored records to the pixels and targets of a batch. Plain data, so a task can be sent one.
 */
public interface Preprocessing extends Serializable {
  /** Of which kind the annotations of the data set must be. */
  AnnotationKind kind();

  /** Side of each square, pixels. */
  int size();

  /**
   * Starts a batch.
   *
   * @param samples of the batch
   * @param classes of the data set
   */
  Samples start(int samples, int classes);

  /** The samples of one batch, one after the other. */
  interface Samples {
    /**
     * Makes the next sample.
     *
     * @param pixels receives {@code 3 * size * size} floats from {@code offset} on
     * @throws BrokenImageException where the image or what is known of it cannot be used
     * @throws IllegalArgumentException where image and annotation do not fit together
     */
    void add(
        ImageRecord record,
        RandomGenerator random,
        Normalization normalization,
        FloatBuffer pixels,
        int offset)
        throws BrokenImageException;

    /**
     * Does what needs the images of all samples; called once, when all were added and before their
     * targets are asked for.
     *
     * @param random of the batch, whatever rank makes it
     * @param pixels of all samples, from the first element on
     */
    default void complete(RandomGenerator random, FloatBuffer pixels) {}

    /** Of all samples. */
    Targets targets();
  }

  /** Checks a label. */
  static void requireClass(int label, int classes) throws BrokenImageException {
    if (label >= classes) {
      throw new BrokenImageException(
          String.format(Locale.ROOT, "label %d of %d classes", label, classes));
    }
  }
}
