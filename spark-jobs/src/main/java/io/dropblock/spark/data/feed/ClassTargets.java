package io.dropblock.spark.data.feed;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;

/**
 * One class an image, or where images were mixed, two with a weight.
 *
 * @param labels class numbers, one an image, that of the image's own record
 * @param numbers rows of floats, an image each: the class number, or where images were mixed, the
 *     own class number, that of the other image, and the weight of the own one, above 0 and below 1
 */
public record ClassTargets(int[] labels, FloatBuffer numbers) implements Targets {
  private static final int MIXED = 3;

  /** Checks that the arrays fit. */
  public ClassTargets {
    if (numbers.capacity() != labels.length && numbers.capacity() != MIXED * labels.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid classes: %d floats for %d images",
              numbers.capacity(),
              labels.length));
    }
  }

  static ClassTargets of(int[] labels) {
    FloatBuffer numbers = FeedMemory.SHARED.take(labels.length);
    for (int i = 0; i < labels.length; i++) {
      numbers.put(i, labels[i]);
    }
    return new ClassTargets(labels, numbers);
  }

  /** Of images that were mixed with the one before, the first with the last. */
  static ClassTargets mixed(int[] labels, float weight) {
    FloatBuffer numbers = FeedMemory.SHARED.take(MIXED * labels.length);
    for (int i = 0; i < labels.length; i++) {
      numbers.put(MIXED * i, labels[i]);
      numbers.put(MIXED * i + 1, labels[i > 0 ? i - 1 : labels.length - 1]);
      numbers.put(MIXED * i + 2, weight);
    }
    return new ClassTargets(labels, numbers);
  }

  @Override
  public int size() {
    return labels.length;
  }

  /** Floats in a row of {@link #numbers}: 1, or 3 where images were mixed. */
  public int columns() {
    return numbers.capacity() / labels.length;
  }

  /** Whether each image is two. */
  public boolean areMixed() {
    return columns() == MIXED;
  }

  @Override
  public List<FloatBuffer> encoded() {
    return List.of(numbers);
  }
}
