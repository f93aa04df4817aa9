package io.dropblock.spark.data.feed;

import java.io.Serializable;
import java.util.Locale;

/**
 * How a feed works, and where it starts.
 *
 * @param threads that read, decode and augment, 1 or more; each works on a batch of its own
 * @param prefetch batches that may be in work or ready at a time, 1 or more; fewer than {@code
 *     threads} leaves threads idle. A batch takes {@code 12 * size * size * localBatch} bytes
 * @param firstStep global number of the epoch's step 0
 * @param fromStep the epoch's step to start with; 0 unless a run resumes within an epoch
 * @param untilStep the epoch's step to end before; a later one than the last stands for the end
 */
public record FeedSettings(int threads, int prefetch, long firstStep, int fromStep, int untilStep)
    implements Serializable {
  /** Checks the ranges. */
  public FeedSettings {
    if (threads < 1 || threads > 256 || prefetch < 1 || prefetch > 1024) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid feed: %d threads not in 1 to 256, or prefetch %d not in 1 to 1024",
              threads,
              prefetch));
    }
    if (firstStep < 0 || fromStep < 0 || untilStep < fromStep) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid feed: first step %d, from step %d until %d",
              firstStep,
              fromStep,
              untilStep));
    }
  }

  /** The whole epoch, whose first step has the global number 0. */
  public static FeedSettings of(int threads, int prefetch) {
    return new FeedSettings(threads, prefetch, 0, 0, Integer.MAX_VALUE);
  }

  /** The same from another place on. */
  public FeedSettings at(long newFirstStep, int newFromStep) {
    return between(newFirstStep, newFromStep, Integer.MAX_VALUE);
  }

  /** The same for a part of an epoch. */
  public FeedSettings between(long newFirstStep, int newFromStep, int newUntilStep) {
    return new FeedSettings(threads, prefetch, newFirstStep, newFromStep, newUntilStep);
  }
}
