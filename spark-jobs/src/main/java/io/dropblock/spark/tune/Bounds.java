package io.dropblock.spark.tune;

import java.util.Locale;
import java.util.Optional;

/**
 * What may be tried.
 *
 * @param hosts that the executors are on, each as many
 * @param memory of an executor, as it is now
 * @param executors how many share as much, now
 * @param bound whether ranks go own ways between two averagings, so that their number has to divide
 *     the slots of a step
 * @param normalises whether the network normalises over a local batch
 * @param leastBatch the smallest local batch that the recipe can have
 * @param sameExecutors why other executors are not tried; empty where they are
 * @param sameRanks why other ranks in an executor are not tried; empty where they are
 */
public record Bounds(
    int hosts,
    ExecutorMemory memory,
    int executors,
    boolean bound,
    boolean normalises,
    int leastBatch,
    Optional<String> sameExecutors,
    Optional<String> sameRanks) {
  /** MiB of heap, and of arrays. */
  private static final long LEAST = 512;

  /** Of an executor of another shape: all of them together have what they have now. */
  public ExecutorMemory memory(Shape shape) {
    return memory.shared(executors, shape.executors());
  }

  /** Whether that is enough for any training. */
  boolean isEnough(Shape shape) {
    ExecutorMemory other = memory(shape);
    return other.heap() >= LEAST && (memory.arrays() == 0 || other.arrays() >= LEAST);
  }

  /** How many ranks train with a setting; the others of its task slots are idle. */
  public int ranks(Setting setting) {
    int ranks = Math.min(setting.shape().taskSlots(), setting.slots());
    while (bound && setting.slots() % ranks > 0) {
      ranks--;
    }
    return ranks;
  }

  /** Why a setting trains another run than the present one; empty where it trains the same. */
  public Optional<String> otherRun(Setting now, Setting setting) {
    if (now.localBatch() == setting.localBatch()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "another run: %s %d images, not %d",
            normalises ? "batch normalisation sees" : "a micro-batch has",
            setting.localBatch(),
            now.localBatch()));
  }
}
