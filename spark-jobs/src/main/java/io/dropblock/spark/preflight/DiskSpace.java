package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Bytes;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether disks have room: for what executors spill, and for checkpoints. */
final class DiskSpace {
  static final String LOCAL = "local disks";
  static final String RUNS = "run folder's disk";
  private static final long LITTLE = 1L << 30;

  private DiskSpace() {}

  /** The folders that Spark spills to. */
  static Finding local(List<ExecutorFacts> executors) {
    List<String> full =
        executors.stream()
            .filter(facts -> facts.disk().free() < LITTLE)
            .map(DiskSpace::words)
            .distinct()
            .toList();
    if (!full.isEmpty()) {
      return Finding.warning(
          LOCAL,
          Several.of(full, "executors"),
          "the network is kept there where the heap has no room; free space, or set"
              + " spark.local.dir");
    }
    ExecutorFacts least =
        executors.stream()
            .min(Comparator.comparingLong(facts -> facts.disk().free()))
            .orElseThrow();
    boolean several = executors.stream().map(ExecutorFacts::executor).distinct().count() > 1;
    return Finding.ok(LOCAL, words(least) + (several ? ", the least of all" : ""));
  }

  private static String words(ExecutorFacts facts) {
    return String.format(
        Locale.ROOT,
        "%s has %s free in %s",
        facts.name(),
        Bytes.of(facts.disk().free()),
        facts.disk().folder());
  }

  /**
   * The run folder's file system.
   *
   * @param remaining bytes
   * @param need of a recipe, if there is one
   */
  static Finding runs(long remaining, Optional<Need> need) {
    long one = need.map(Need::checkpoint).orElse(LITTLE);
    // one is written before an older one goes, and the best stays
    long all = need.map(it -> (it.checkpoints() + 2) * it.checkpoint()).orElse(LITTLE);
    String seen =
        need.isEmpty()
            ? Bytes.of(remaining) + " free"
            : String.format(
                Locale.ROOT,
                "%s free, and a run's checkpoints take up to %s",
                Bytes.of(remaining),
                Bytes.of(all));
    String next = "free space, or lower train.keep_checkpoints";
    if (need.isPresent() && remaining < 2 * one) {
      return Finding.fault(RUNS, seen, next);
    }
    return remaining < all ? Finding.warning(RUNS, seen, next) : Finding.ok(RUNS, seen);
  }
}
