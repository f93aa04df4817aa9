package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/** What a source says of an image: what it is, or where that is to be read. */
public sealed interface GroundTruth extends Serializable {
  /**
   * Known when the source was listed.
   *
   * @param annotation a class or objects
   * @param size that the source says the image has, or null where it says none
   */
  record Known(Annotation annotation, ImageSize size) implements GroundTruth {
    /** Checks that the annotation is there. */
    public Known {
      Objects.requireNonNull(annotation, "annotation is null");
    }

    /** Of an image of any size. */
    public Known(Annotation annotation) {
      this(annotation, null);
    }
  }

  /**
   * In a file of its own, such as a map of labels, read by the task that stores the image.
   *
   * @param container the file that holds its bytes, as a Hadoop path
   * @param offset first byte within the container
   * @param length number of bytes, 0 or more
   * @param name its path within the data set, for people
   * @param encoding how it is written there
   */
  record LabelFile(String container, long offset, long length, String name, Encoding encoding)
      implements GroundTruth {
    /** Checks the ranges. */
    public LabelFile {
      Objects.requireNonNull(container, "container is null");
      Objects.requireNonNull(name, "name is null");
      Objects.requireNonNull(encoding, "encoding is null");
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "Invalid label file: offset %d, length %d", offset, length));
      }
    }
  }

  /**
   * How a file holds what is known of an image. It is sent to the tasks of a job, and its text is a
   * part of what tells one shard from another: equal encodings have equal texts, in every process.
   */
  interface Encoding extends Serializable {
    /**
     * What is in a file.
     *
     * @param file all of its bytes
     * @return not yet checked against the image
     * @throws BrokenImageException where the file is damaged
     */
    Annotation annotation(byte[] file) throws BrokenImageException;
  }
}
