package io.dropblock.metric.coco;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;

/** The images that were added, each once. */
final class ImageNumbers implements Serializable {
  private static final long serialVersionUID = 1L;

  private long[] sorted = new long[16];
  private int size;

  /**
   * Adds one; in ascending order that takes no time.
   *
   * @throws IllegalArgumentException if it is there already
   */
  void add(long image) {
    int place = size > 0 && image > sorted[size - 1] ? -size - 1 : find(image);
    if (place >= 0) {
      throw refused(image);
    }
    if (size == sorted.length) {
      sorted = Arrays.copyOf(sorted, 2 * Math.max(8, size));
    }
    int at = -place - 1;
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = image;
    size++;
  }

  /**
   * Adds those of another part.
   *
   * @throws IllegalArgumentException if one is in both; then none is added
   */
  void add(ImageNumbers other) {
    long[] both = Arrays.copyOf(sorted, size + other.size);
    System.arraycopy(other.sorted, 0, both, size, other.size);
    Arrays.sort(both);
    for (int i = 1; i < both.length; i++) {
      if (both[i] == both[i - 1]) {
        throw refused(both[i]);
      }
    }
    sorted = both;
    size = both.length;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private int find(long image) {
    return Arrays.binarySearch(sorted, 0, size, image);
  }

  private static IllegalArgumentException refused(long image) {
    return new IllegalArgumentException("Cannot add image " + image + ": it was added already");
  }

  /** Without room for more. */
  private void writeObject(ObjectOutputStream out) throws IOException {
    sorted = Arrays.copyOf(sorted, size);
    out.defaultWriteObject();
  }
}
