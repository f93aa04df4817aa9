package io.dropblock.spark.data.feed;

import java.io.Serializable;

/**
 * How a feed works, and where it starts.
 *
 * @param threads that read, decode and augment, 1 or more; each works on a batch of its own
 * @param prefetch batches that may be in work or ready at a time, 1 or more; fewer than {@code
 *     threads} leaves threads idle. A batch takes {@code 12 * size * size * localBatch} bytes
 * @param firstStep global number of the epoch's step 0
 * @param fromStep the epoch's step to start with; 0 unless a run resumes within an epoch
 */
public record FeedSettings(int threads, int prefetch, long firstStep, int fromStep)
    implements Serializable {
  /** Checks the ranges. */
  public FeedSettings {
    if (threads < 1 || threads > 256 || prefetch < 1 || prefetch > 1024) {
      throw new IllegalArgumentException(
          "Invalid feed: %d threads not in 1 to 256, or prefetch %d not in 1 to 1024"
              .formatted(threads, prefetch));
    }
    if (firstStep < 0 || fromStep < 0) {
      throw new IllegalArgumentException(
          "Invalid feed: first step %d, from step %d".formatted(firstStep, fromStep));
    }
  }

  /** Starts at the epoch's beginning, whose global step is 0. */
  public static FeedSettings of(int threads, int prefetch) {
    return new FeedSettings(threads, prefetch, 0, 0);
  }

  /** The same at another place. */
  public FeedSettings at(long newFirstStep, int newFromStep) {
    return new FeedSettings(threads, prefetch, newFirstStep, newFromStep);
  }
}
