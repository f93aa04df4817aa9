package io.dropblock.spark.data.annotation;

import java.util.List;
import java.util.Locale;

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
    counts = PackedInts.copyOf(counts);
    long sum = counts.stream().mapToLong(Integer::longValue).sum();
    if (width < 1
        || height < 1
        || sum != (long) width * height
        || counts.stream().anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid mask: runs of %d pixels for %d x %d", sum, width, height));
    }
  }

  /** The same from an array, which is copied. */
  public static RunLengths of(int width, int height, int[] counts) {
    return new RunLengths(width, height, new PackedInts(counts));
  }

  /**
   * The same from COCO's short form, which results have.
   *
   * @param text 6 bits a character
   * @throws IllegalArgumentException where the text is no such form, or of another sum
   */
  public static RunLengths ofCompressed(int width, int height, String text) {
    return of(width, height, CompressedCounts.decode(text));
  }
}
