package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.KeyedRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which records one rank sees in one epoch, and in what order: a pure function of its arguments.
 * All ranks together form one sequence of records; a rank has a contiguous part of it, so it reads
 * nearly only whole blocks. Any step can be asked for, so a run resumes anywhere.
 */
public final class EpochOrder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<Integer> blockSizes;
  private final boolean shuffled;
  private final long seed;
  private final long epoch;
  private final int world;
  private final int rank;
  private final int localBatch;
  // The sequence: blocks in their order, and where each starts; one more entry for the end.
  private final int[] blockOrder;
  private final long[] starts;
  private final long first;
  private final long count;

  private EpochOrder(
      List<Integer> blockSizes,
      boolean shuffled,
      long seed,
      long epoch,
      int world,
      int rank,
      int localBatch) {
    if (world < 1 || rank < 0 || rank >= world || localBatch < 1) {
      throw new IllegalArgumentException(
          "Invalid order: rank %d of %d, local batch %d".formatted(rank, world, localBatch));
    }
    this.blockSizes = new ArrayList<>(blockSizes);
    this.shuffled = shuffled;
    this.seed = seed;
    this.epoch = epoch;
    this.world = world;
    this.rank = rank;
    this.localBatch = localBatch;
    int blocks = blockSizes.size();
    this.blockOrder =
        shuffled
            ? KeyedRandom.of(seed, epoch).permutation(blocks)
            : IntStream.range(0, blocks).toArray();
    this.starts = new long[blocks + 1];
    for (int i = 0; i < blocks; i++) {
      starts[i + 1] = starts[i] + blockSizes.get(blockOrder[i]);
    }
    long records = starts[blocks];
    if (shuffled) {
      this.count = records / ((long) world * localBatch) * localBatch;
      this.first = rank * count;
    } else {
      this.first = rank * records / world;
      this.count = (rank + 1) * records / world - first;
    }
  }

  /**
   * The order of a training epoch. Blocks are permuted, then the records within each block; the
   * sequence is dealt so that every rank has the same number of full batches, {@code steps =
   * floor(N / (world * localBatch))}. No record comes twice; the {@code N mod (world * localBatch)}
   * at the end of the sequence, other ones each epoch, do not come at all.
   *
   * @param blockSizes records in each block, as {@code DatasetManifest.blockSizes} has them
   * @param seed of the run
   * @param epoch 0 or more
   * @param world number of ranks, 1 or more
   * @param rank 0 to {@code world - 1}
   * @param localBatch records in a batch, 1 or more
   * @throws DataException where the records are too few for one step
   */
  public static EpochOrder shuffled(
      List<Integer> blockSizes, long seed, long epoch, int world, int rank, int localBatch) {
    EpochOrder order = new EpochOrder(blockSizes, true, seed, epoch, world, rank, localBatch);
    if (order.count == 0) {
      throw new DataException(
          "Cannot train on %d records: one step takes %d, %d on each of %d ranks"
              .formatted(
                  order.starts[blockSizes.size()], (long) world * localBatch, localBatch, world));
    }
    return order;
  }

  /**
   * The stored order, for evaluation: every record exactly once over all ranks. A rank's last batch
   * may be short, and ranks may differ by a step, or have none.
   *
   * @see #shuffled for the arguments
   */
  public static EpochOrder sequential(
      List<Integer> blockSizes, int world, int rank, int localBatch) {
    return new EpochOrder(blockSizes, false, 0, 0, world, rank, localBatch);
  }

  /** Number of batches of this rank. */
  public int steps() {
    return Math.toIntExact((count + localBatch - 1) / localBatch);
  }

  /** Number of records of this rank. */
  public long records() {
    return count;
  }

  /**
   * The records of a batch.
   *
   * @param step 0 to {@code steps() - 1}
   */
  public List<RecordId> batch(int step) {
    if (step < 0 || step >= steps()) {
      throw new IndexOutOfBoundsException("Invalid step: " + step + " of " + steps());
    }
    long from = first + (long) step * localBatch;
    long to = Math.min(from + localBatch, first + count);
    List<RecordId> ids = new ArrayList<>(localBatch);
    int place = find(from);
    while (from < to) {
      int block = blockOrder[place];
      int[] rows = rows(block);
      long end = Math.min(to, starts[place + 1]);
      for (; from < end; from++) {
        ids.add(new RecordId(block, rows[(int) (from - starts[place])]));
      }
      place++;
    }
    return ids;
  }

  /** The blocks this order was made for. */
  List<Integer> blockSizes() {
    return blockSizes;
  }

  long seed() {
    return seed;
  }

  long epoch() {
    return epoch;
  }

  int localBatch() {
    return localBatch;
  }

  /** Index of this rank's first sample within a global batch. */
  long firstSample() {
    return (long) rank * localBatch;
  }

  private int find(long position) {
    int found = Arrays.binarySearch(starts, position);
    return found >= 0 ? found : -found - 2;
  }

  private int[] rows(int block) {
    int rows = blockSizes.get(block);
    return shuffled
        ? KeyedRandom.of(seed, epoch, block).permutation(rows)
        : IntStream.range(0, rows).toArray();
  }

  @Override
  public String toString() {
    String kind = shuffled ? "seed %d, epoch %d".formatted(seed, epoch) : "stored order";
    return "EpochOrder(%s, rank %d of %d, %d steps of %d)"
        .formatted(kind, rank, world, steps(), localBatch);
  }
}
