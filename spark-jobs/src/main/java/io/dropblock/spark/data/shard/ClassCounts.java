package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.Split;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the tally of an {@code AnnotationKind} counted of each class, in the order of the classes.
 *
 * @param train in images to learn from
 * @param val in images to measure on
 */
public record ClassCounts(List<Long> train, List<Long> val) implements Serializable {
  /** Checks that both are there and no number is negative. */
  public ClassCounts {
    if (train == null || val == null || train.size() != val.size()) {
      throw new IllegalArgumentException("counts of train and of val are not lists of one length");
    }
    train = List.copyOf(train);
    val = List.copyOf(val);
    if (Stream.concat(train.stream(), val.stream()).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("counts are negative");
    }
  }

  /** Counts of a split. */
  public List<Long> of(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VAL -> val;
    };
  }
}
