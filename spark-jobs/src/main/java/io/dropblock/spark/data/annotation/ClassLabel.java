package io.dropblock.spark.data.annotation;

/**
 * The class of an image.
 *
 * @param label index of the class, 0 or more
 */
public record ClassLabel(int label) implements Annotation {
  /** Checks the range. */
  public ClassLabel {
    if (label < 0) {
      throw new IllegalArgumentException("Invalid label: " + label);
    }
  }
}
