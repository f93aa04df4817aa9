package io.dropblock.spark.data.annotation;

import java.util.Objects;

/**
 * The class of each pixel of an image.
 *
 * @param png an 8-bit PNG of one channel, or of a palette whose index counts: index of the class,
 *     or {@link #VOID}; as large as the image. Not copied, so do not write to it
 */
public record LabelMap(byte[] png) implements Annotation {
  /** Of a pixel that counts neither in training nor in measures. */
  public static final int VOID = 255;

  /** Checks that it is there. */
  public LabelMap {
    Objects.requireNonNull(png, "png is null");
  }
}
