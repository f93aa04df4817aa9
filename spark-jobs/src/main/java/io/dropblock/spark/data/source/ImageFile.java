package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.ClassLabel;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * Where the bytes of one image lie, and what it shows.
 *
 * @param container the file that holds the bytes, as a Hadoop path: the image itself, or a tar
 * @param offset first byte within the container; 0 where the container is the image
 * @param length number of bytes, 0 or more
 * @param name the image's path within its data set, {@code /} between folders; unique within a
 *     split; a name for people, never a path to open
 * @param truth what is known of it
 */
public record ImageFile(String container, long offset, long length, String name, GroundTruth truth)
    implements Serializable {
  /** Checks the ranges. */
  public ImageFile {
    Objects.requireNonNull(container, "container is null");
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(truth, "truth is null");
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid image file: offset %d, length %d", offset, length));
    }
  }

  /** An image with a class. */
  public ImageFile(String container, long offset, long length, String name, int label) {
    this(container, offset, length, name, new GroundTruth.Known(new ClassLabel(label)));
  }

  /**
   * Index of its class.
   *
   * @throws ClassCastException where the data set is none for classification
   */
  public int label() {
    return ((ClassLabel) ((GroundTruth.Known) truth).annotation()).label();
  }
}
