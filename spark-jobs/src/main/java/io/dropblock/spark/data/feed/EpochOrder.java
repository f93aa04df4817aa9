package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.text.Count;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which records one rank sees in one epoch, and in what order: a pure function of its arguments.
 * All ranks together form one sequence of records; a rank has a contiguous part of it, so it reads
 * nearly only whole blocks. Any batch can be asked for, so a run resumes anywhere.
 *
 * <p>A step of a rank is one batch, or where gradients are accumulated, several micro-batches in a
 * row: the records of the step are the same either way.
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
  private final int accumulation;
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
      int localBatch,
      int accumulation) {
    if (world < 1 || rank < 0 || rank >= world || localBatch < 1 || accumulation < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid order: rank %d of %d, local batch %d, accumulation %d",
              rank,
              world,
              localBatch,
              accumulation));
    }
    this.blockSizes = new ArrayList<>(blockSizes);
    this.shuffled = shuffled;
    this.seed = seed;
    this.epoch = epoch;
    this.world = world;
    this.rank = rank;
    this.localBatch = localBatch;
    this.accumulation = accumulation;
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
      this.count = records / (world * recordsPerStep()) * recordsPerStep();
      this.first = rank * count;
    } else {
      this.first = rank * records / world;
      this.count = (rank + 1) * records / world - first;
    }
  }

  /**
   * The order of a training epoch. Blocks are permuted, then the records within each block; the
   * sequence is dealt so that every rank has the same number of whole steps, {@code steps = floor(N
   * / (world * localBatch * accumulation))}. No record comes twice; what is left at the end of the
   * sequence, other records each epoch, does not come at all.
   *
   * @param blockSizes records in each block, as {@code DatasetManifest.blockSizes} has them
   * @param seed of the run
   * @param epoch 0 or more
   * @param world number of ranks, 1 or more
   * @param rank 0 to {@code world - 1}
   * @param localBatch records in a batch, 1 or more
   * @param accumulation batches in a step, 1 or more
   * @throws DataException where the records are too few for one step
   */
  public static EpochOrder shuffled(
      List<Integer> blockSizes,
      long seed,
      long epoch,
      int world,
      int rank,
      int localBatch,
      int accumulation) {
    EpochOrder order =
        new EpochOrder(blockSizes, true, seed, epoch, world, rank, localBatch, accumulation);
    if (order.count == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot train on %s: one step takes %,d, %,d on each of %s",
              Count.of(order.starts[blockSizes.size()], "record"),
              world * order.recordsPerStep(),
              order.recordsPerStep(),
              Count.of(world, "rank")));
    }
    return order;
  }

  /** The order of a training epoch whose steps are one batch on each rank. */
  public static EpochOrder shuffled(
      List<Integer> blockSizes, long seed, long epoch, int world, int rank, int localBatch) {
    return shuffled(blockSizes, seed, epoch, world, rank, localBatch, 1);
  }

  /**
   * The stored order, for evaluation: every record exactly once over all ranks. A rank's last batch
   * may be short, and ranks may differ by a step, or have none.
   *
   * @see #shuffled for the arguments
   */
  public static EpochOrder sequential(
      List<Integer> blockSizes, int world, int rank, int localBatch) {
    return new EpochOrder(blockSizes, false, 0, 0, world, rank, localBatch, 1);
  }

  /** Number of steps of this rank. */
  public int steps() {
    return batches() / accumulation;
  }

  /** Number of batches of this rank, {@code accumulation} in a step. */
  public int batches() {
    return Math.toIntExact((count + localBatch - 1) / localBatch);
  }

  /** Number of records of this rank. */
  public long records() {
    return count;
  }

  /**
   * The records of a batch.
   *
   * @param index 0 to {@code batches() - 1}
   */
  public List<RecordId> batch(int index) {
    if (index < 0 || index >= batches()) {
      throw new IndexOutOfBoundsException("Invalid batch: " + index + " of " + batches());
    }
    long from = first + (long) index * localBatch;
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

  int accumulation() {
    return accumulation;
  }

  /** Index of a batch's first record within the global batch of its step. */
  long firstSample(int index) {
    return rank * recordsPerStep() + (long) index % accumulation * localBatch;
  }

  private long recordsPerStep() {
    return (long) localBatch * accumulation;
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
    String kind =
        shuffled ? String.format(Locale.ROOT, "seed %d, epoch %d", seed, epoch) : "stored order";
    return String.format(
        Locale.ROOT,
        "EpochOrder(%s, rank %d of %d, %d steps of %d x %d)",
        kind,
        rank,
        world,
        steps(),
        accumulation,
        localBatch);
  }
}
