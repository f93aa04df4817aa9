package io.dropblock.bench.separable;

import java.util.Locale;

/**
 * How it is measured.
 *
 * @param batch images of a pass, 1 to 1024
 * @param threads that compute, 1 or more
 * @param quick few and short repetitions, to see that it works
 */
public record SeparablePlan(int batch, int threads, boolean quick) {
  private static final int MOST_IMAGES = 1024;

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public SeparablePlan {
    if (batch < 1 || batch > MOST_IMAGES || threads < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid batch or threads: %d images is not 1 to %d, or %d threads not at least 1",
              batch,
              MOST_IMAGES,
              threads));
    }
  }

  int repetitions() {
    return quick ? 3 : 7;
  }

  double seconds() {
    return quick ? 0.05 : 0.7;
  }
}
