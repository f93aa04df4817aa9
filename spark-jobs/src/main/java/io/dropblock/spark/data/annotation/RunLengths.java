package io.dropblock.spark.data.annotation;

import java.util.List;

/**
 * A mask in COCO's run lengths: columns from the left, each from the top; the first run is of
 * pixels outside.
 *
 * @param width of the mask, pixels
 * @param height of the mask, pixels
 * @param counts lengths of the runs, 0 or more, {@code width * height} together
 */
public record RunLengths(int width, int height, List<Integer> counts) implements Shape {
  /** Copies the list and checks the sum. */
  public RunLengths {
    counts = List.copyOf(counts);
    long sum = counts.stream().mapToLong(Integer::longValue).sum();
    if (width < 1
        || height < 1
        || sum != (long) width * height
        || counts.stream().anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(
          "Invalid mask: runs of %d pixels for %d x %d".formatted(sum, width, height));
    }
  }
}
