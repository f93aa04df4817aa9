package io.dropblock.spark.tune;

import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The settings around one that differ from it in one thing, and those that are left out.
 *
 * @param settings the nearest first
 * @param notTried why others are not among them
 */
record Neighbours(List<Setting> settings, List<NotTried> notTried) {
  private static final int[] RANKS = {1, 2, 4};

  /** Those of a setting along a coordinate. */
  static Neighbours of(Coordinate coordinate, Setting now, Bounds bounds) {
    Neighbours found = new Neighbours(new ArrayList<>(), new ArrayList<>());
    switch (coordinate) {
      case EXECUTORS -> found.executors(now, bounds);
      case RANKS -> found.ranks(now, bounds);
      case PREFETCH -> found.prefetch(now);
      case LOCAL_BATCH -> found.localBatch(now, bounds);
    }
    return found;
  }

  private void executors(Setting now, Bounds bounds) {
    if (bounds.sameExecutors().isPresent()) {
      notTried.add(new NotTried("other executors", bounds.sameExecutors().get()));
      return;
    }
    Shape shape = now.shape();
    int ofHost = shape.executors() / bounds.hosts();
    int cores = ofHost * shape.cores();
    for (int other : new int[] {half(ofHost), 2 * ofHost, half(half(ofHost)), 4 * ofHost}) {
      if (other > 0 && cores % other == 0) {
        int ofOther = cores / other;
        int ranks = ofOther % shape.ranksOfExecutor() == 0 ? shape.ranksOfExecutor() : 1;
        addShape(now, new Shape(other * bounds.hosts(), ofOther, ofOther / ranks), bounds);
      }
    }
    if (cores == 1) {
      notTried.add(new NotTried("other executors", "there is one core a host"));
    }
  }

  private void ranks(Setting now, Bounds bounds) {
    if (bounds.sameRanks().isPresent()) {
      notTried.add(new NotTried("other ranks in an executor", bounds.sameRanks().get()));
      return;
    }
    Shape shape = now.shape();
    for (int ranks : RANKS) {
      if (ranks != shape.ranksOfExecutor() && shape.cores() % ranks == 0) {
        addShape(now, new Shape(shape.executors(), shape.cores(), shape.cores() / ranks), bounds);
      }
    }
  }

  private void addShape(Setting now, Shape shape, Bounds bounds) {
    int slots = now.slots();
    int ranks = shape.taskSlots();
    if (ranks > slots) {
      notTried.add(
          new NotTried(
              shape.words(),
              String.format(
                  Locale.ROOT,
                  "%s, and a step has %s (train.slots)",
                  Count.of(ranks, "rank"),
                  Count.of(slots, "slot"))));
    } else if (!bounds.isEnough(shape)) {
      notTried.add(
          new NotTried(
              shape.words(), "of as much memory each has " + bounds.memory(shape).words()));
    } else {
      settings.add(now.with(shape));
    }
  }

  private void prefetch(Setting now) {
    if (now.prefetch() > 1) {
      settings.add(now.withPrefetch(now.prefetch() / 2));
    }
    settings.add(now.withPrefetch(2 * now.prefetch()));
  }

  private void localBatch(Setting now, Bounds bounds) {
    int batch = now.localBatch();
    int ranks = bounds.ranks(now);
    for (int other : new int[] {half(batch), 2 * batch, half(half(batch)), 4 * batch}) {
      if (other >= bounds.leastBatch() && now.globalBatch() % other == 0) {
        Setting setting = now.withLocalBatch(other);
        if (setting.slots() >= ranks && bounds.ranks(setting) == ranks) {
          settings.add(setting);
        }
      }
    }
    if (settings.isEmpty()) {
      notTried.add(
          new NotTried(
              "another local batch",
              String.format(
                  Locale.ROOT,
                  "the %s of a step, %d x %d, cannot be cut in halves or doubled for %s",
                  Count.of(now.globalBatch(), "image"),
                  now.slots(),
                  batch,
                  Count.of(ranks, "rank"))));
    }
  }

  /** 0 where it is not whole. */
  private static int half(int number) {
    return number % 2 == 0 ? number / 2 : 0;
  }
}
