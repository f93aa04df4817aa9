package io.dropblock.spark.data.feed;

import java.io.Serializable;
import java.util.Locale;

/**
 * How the images of a step come about, whoever computes them: a step is {@link #count} slots, each
 * a micro-batch of {@code localBatch} records.
 *
 * <p>An epoch's sequence is cut into {@code streams} contiguous parts, and a step takes the next
 * {@code depth} micro-batches of each. Slots are numbered stream by stream.
 *
 * @param streams parts of the epoch's sequence, at least 1
 * @param depth micro-batches of each stream in a step, at least 1
 * @param localBatch records of a micro-batch, at least 1
 */
public record Slots(int streams, int depth, int localBatch) implements Serializable {

  /**
   * @throws IllegalArgumentException if one of them is below 1, or a step has more records than an
   *     {@code int} counts
   */
  public Slots {
    if (streams < 1 || depth < 1 || localBatch < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid slots: %d streams of %d micro-batches of %d",
              streams,
              depth,
              localBatch));
    }
    long records = (long) streams * depth * localBatch;
    if (records > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid slots: a step of %,d records", records));
    }
  }

  /** A stream a slot: the same images for any number of ranks. */
  public static Slots of(int count, int localBatch) {
    return new Slots(count, 1, localBatch);
  }

  /** A stream a rank: what ranks of an older recipe see, each with micro-batches of its own. */
  public static Slots ofRanks(int world, int accumulation, int localBatch) {
    return new Slots(world, accumulation, localBatch);
  }

  /** Micro-batches of a step. */
  public int count() {
    return streams * depth;
  }

  /** Records of a step. */
  public int globalBatch() {
    return count() * localBatch;
  }

  /**
   * The slots of a rank: contiguous, and one more or less than another rank's where the world does
   * not divide their number.
   *
   * @throws IllegalArgumentException if there is no such rank, or more ranks than slots
   */
  public Share share(int rank, int world) {
    if (rank < 0 || rank >= world || world > count()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid share: rank %d of %d, %d slots", rank, world, count()));
    }
    return new Share(from(rank, world), from(rank + 1, world));
  }

  private int from(int rank, int world) {
    return (int) ((long) rank * count() / world);
  }

  /** All of them. */
  public Share all() {
    return new Share(0, count());
  }

  /**
   * Some slots that follow each other.
   *
   * @param from the first
   * @param until the one behind the last
   */
  public record Share(int from, int until) implements Serializable {

    /**
     * @throws IllegalArgumentException if it is empty
     */
    public Share {
      if (from < 0 || until <= from) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "Invalid share: slots %d to %d", from, until));
      }
    }

    /** How many. */
    public int size() {
      return until - from;
    }
  }
}
