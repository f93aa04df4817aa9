package io.dropblock.spark.data.shard;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pixels of label maps.
 *
 * @param classes number of pixels of each class, by label
 * @param voids number of pixels that count for nothing
 */
public record LabelPixels(List<Long> classes, long voids) implements Serializable {
  /** Copies the list. */
  public LabelPixels {
    classes = List.copyOf(classes);
  }

  /** None, of a number of classes. */
  public static LabelPixels none(int classes) {
    return new LabelPixels(IntStream.range(0, classes).mapToObj(label -> 0L).toList(), 0);
  }

  /** Those and these, of equally many classes. */
  public LabelPixels plus(LabelPixels more) {
    return new LabelPixels(
        IntStream.range(0, classes.size())
            .mapToObj(label -> classes.get(label) + more.classes.get(label))
            .toList(),
        voids + more.voids);
  }

  /** Number of all pixels. */
  public long total() {
    return voids + classes.stream().mapToLong(Long::longValue).sum();
  }
}
