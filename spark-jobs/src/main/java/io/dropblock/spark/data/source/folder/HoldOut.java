package io.dropblock.spark.data.source.folder;

import io.dropblock.spark.data.KeyedRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which images become {@code val} where a data set has no such part: of each class the given share,
 * rounded, at least one and never all. An image is chosen by a hash of the seed and its name, so
 * adding an image seldom moves another one.
 *
 * @param share of each class, 0 (none at all) to below 1
 * @param seed another seed chooses other images
 */
public record HoldOut(double share, long seed) implements Serializable {
  /** A tenth of each class. */
  public static final double DEFAULT_SHARE = 0.1;

  /** A tenth of each class, seed 0. */
  public static final HoldOut DEFAULT = new HoldOut(DEFAULT_SHARE, 0);

  /** Checks the range. */
  public HoldOut {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("Invalid hold-out share: " + share + " is not in [0, 1)");
    }
  }

  /** The names to hold out of one class. */
  Set<String> choose(List<String> names) {
    if (share == 0 || names.size() < 2) {
      return Set.of();
    }
    int count = (int) Math.min(Math.max(1, Math.round(share * names.size())), names.size() - 1);
    List<String> ranked = new ArrayList<>(names);
    ranked.sort(Comparator.comparingLong(this::rank).thenComparing(Comparator.naturalOrder()));
    return new HashSet<>(ranked.subList(0, count));
  }

  private long rank(String name) {
    return KeyedRandom.hash(seed, name);
  }
}
