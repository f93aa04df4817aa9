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
 * Which records a rank sees in an epoch, and in what order: a pure function of its arguments. All
 * records of an epoch form one sequence. In training it is cut into the streams of {@link Slots},
 * and a rank has some slots of each step; in evaluation a rank has a contiguous part. Either way it
 * reads nearly only whole blocks. Any batch can be asked for, so a run resumes anywhere.
 *
 * <p>What a slot of a step holds depends on seed, epoch, step and slot alone, not on the rank that
 * has it.
 */
public final class EpochOrder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<Integer> blockSizes;
  private final boolean shuffled;
  private final long seed;
  private final long epoch;
  private final Slots slots;
  private final Slots.Share share;
  // The sequence: blocks in their order, and where each starts; one more entry for the end.
  private final int[] blockOrder;
  private final long[] starts;
  // In stored order the rank's part; else the first stream, all being of the same length.
  private final long first;
  private final long count;

  private EpochOrder(
      List<Integer> blockSizes,
      boolean shuffled,
      long seed,
      long epoch,
      Slots slots,
      Slots.Share share) {
    this.blockSizes = new ArrayList<>(blockSizes);
    this.shuffled = shuffled;
    this.seed = seed;
    this.epoch = epoch;
    this.slots = slots;
    this.share = share;
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
      this.first = 0;
      this.count = records / slots.globalBatch() * ofStreamInStep();
    } else {
      this.first = share.from() * records / slots.streams();
      this.count = share.until() * records / slots.streams() - first;
    }
  }

  /**
   * The order of a training epoch. Blocks are permuted, then the records within each block; the
   * sequence is dealt so that every stream has the same number of whole steps, {@code steps =
   * floor(N / globalBatch)}. No record comes twice; what is left at the end of the sequence, other
   * records each epoch, does not come at all.
   *
   * @param blockSizes records in each block, as {@code DatasetManifest.blockSizes} has them
   * @param seed of the run
   * @param epoch 0 or more
   * @param slots of a step
   * @param share those of the rank
   * @throws DataException where the records are too few for one step
   */
  public static EpochOrder shuffled(
      List<Integer> blockSizes, long seed, long epoch, Slots slots, Slots.Share share) {
    if (share.until() > slots.count()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid order: slots up to %d of %d", share.until(), slots.count()));
    }
    EpochOrder order = new EpochOrder(blockSizes, true, seed, epoch, slots, share);
    if (order.count == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot train on %s: one step takes %,d, %s of %,d",
              Count.of(order.starts[blockSizes.size()], "record"),
              slots.globalBatch(),
              Count.of(slots.count(), "micro-batch", "micro-batches"),
              slots.localBatch()));
    }
    return order;
  }

  /**
   * The order of a training epoch where each rank has a stream of its own.
   *
   * @param world number of ranks, 1 or more
   * @param rank 0 to {@code world - 1}
   * @param localBatch records in a batch, 1 or more
   * @param accumulation batches of a rank in a step, 1 or more
   * @see #shuffled(List, long, long, Slots, Slots.Share) for the rest
   */
  public static EpochOrder shuffled(
      List<Integer> blockSizes,
      long seed,
      long epoch,
      int world,
      int rank,
      int localBatch,
      int accumulation) {
    Slots slots = Slots.ofRanks(world, accumulation, localBatch);
    return shuffled(blockSizes, seed, epoch, slots, slots.share(rank, world));
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
   * @param world number of ranks, 1 or more
   * @param rank 0 to {@code world - 1}
   * @param localBatch records in a batch, 1 or more
   */
  public static EpochOrder sequential(
      List<Integer> blockSizes, int world, int rank, int localBatch) {
    Slots slots = Slots.of(world, localBatch);
    return new EpochOrder(blockSizes, false, 0, 0, slots, slots.share(rank, world));
  }

  /** Number of steps. */
  public int steps() {
    return shuffled
        ? Math.toIntExact(count / ofStreamInStep())
        : Math.toIntExact((count + slots.localBatch() - 1) / slots.localBatch());
  }

  /** Number of batches of this rank, {@link #batchesPerStep} in a step. */
  public int batches() {
    return Math.multiplyExact(steps(), batchesPerStep());
  }

  /** Number of records of this rank. */
  public long records() {
    return shuffled ? (long) batches() * slots.localBatch() : count;
  }

  /** Micro-batches of this rank in a step. */
  int batchesPerStep() {
    return share.size();
  }

  /** Streams that this rank reads from. */
  int streams() {
    return (share.until() - 1) / slots.depth() - share.from() / slots.depth() + 1;
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
    long from = start(index);
    long to = from + slots.localBatch();
    return records(from, shuffled ? to : Math.min(to, first + count));
  }

  /** Where in the sequence a batch begins. */
  private long start(int index) {
    int step = step(index);
    if (!shuffled) {
      return first + (long) step * slots.localBatch();
    }
    int slot = slot(index);
    long stream = slot / slots.depth();
    long within = (long) step * slots.depth() + slot % slots.depth();
    return stream * count + within * slots.localBatch();
  }

  private List<RecordId> records(long begin, long end) {
    List<RecordId> ids = new ArrayList<>(slots.localBatch());
    int place = find(begin);
    long from = begin;
    while (from < end) {
      int block = blockOrder[place];
      int[] rows = rows(block);
      long endOfBlock = Math.min(end, starts[place + 1]);
      for (; from < endOfBlock; from++) {
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
    return slots.localBatch();
  }

  /** The step of the epoch that a batch is part of. */
  int step(int index) {
    return index / batchesPerStep();
  }

  /** The slot that a batch fills. */
  int slot(int index) {
    return share.from() + index % batchesPerStep();
  }

  /** Index of a batch's first record within the global batch of its step. */
  long firstSample(int index) {
    return (long) slot(index) * slots.localBatch();
  }

  /** Records that a step takes of a stream. */
  private long ofStreamInStep() {
    return (long) slots.depth() * slots.localBatch();
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
        "EpochOrder(%s, slots %d to %d of %d, %d steps of %d x %d)",
        kind,
        share.from(),
        share.until() - 1,
        slots.count(),
        steps(),
        batchesPerStep(),
        slots.localBatch());
  }
}
