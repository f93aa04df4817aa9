package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.KeyedRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An image for the contact sheet.
 *
 * @param rank of all images of a class those with the lowest are shown; a hash of seed and place,
 *     so the choice is the same on any cluster
 * @param label the class to show it under, as the tally says
 * @param shard where it is stored
 * @param record index within that shard
 */
record Pick(long rank, int label, StoredShard shard, int record) implements Serializable {
  static final Comparator<Pick> BY_RANK =
      Comparator.comparingLong(Pick::rank)
          .thenComparing(pick -> pick.shard().split())
          .thenComparing(pick -> pick.shard().index())
          .thenComparing(Pick::record);

  static Pick of(long seed, StoredShard shard, int record, int label) {
    long rank = KeyedRandom.hash(seed, shard.split().ordinal(), shard.index(), record);
    return new Pick(rank, label, shard, record);
  }

  /**
   * Chooses images of random classes: one of each class, then a second one, and so on.
   *
   * @param candidates any images
   * @return at most {@code count} of them, ordered by class
   */
  static List<Pick> choose(List<Pick> candidates, int classes, int count, long seed) {
    List<List<Pick>> byClass = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      byClass.add(new ArrayList<>());
    }
    candidates.stream().sorted(BY_RANK).forEach(pick -> byClass.get(pick.label()).add(pick));
    int most = byClass.stream().mapToInt(List::size).max().orElse(0);
    List<Pick> chosen = new ArrayList<>();
    int[] order = KeyedRandom.of(seed).permutation(classes);
    for (int round = 0; round < most && chosen.size() < count; round++) {
      for (int label : order) {
        if (round < byClass.get(label).size() && chosen.size() < count) {
          chosen.add(byClass.get(label).get(round));
        }
      }
    }
    chosen.sort(Comparator.comparingInt(Pick::label).thenComparing(BY_RANK));
    return chosen;
  }
}
