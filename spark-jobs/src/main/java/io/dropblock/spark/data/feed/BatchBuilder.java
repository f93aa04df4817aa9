package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes any batch of an epoch. The random numbers of a record depend on seed, epoch and where it is
 * stored, and those of a whole batch on these of its first record, so every thread and every rank
 * would make the same of it. Thread-safe.
 */
final class BatchBuilder {
  private static final int CHANNELS = 3;

  /** Behind the key of a batch's first record. */
  private static final long OF_THE_BATCH = 1;

  /** Blocks that are kept take up to this part of the heap; one a thread may come on top. */
  private static final int HEAP_SHARE = 8;

  private final FeedSource source;
  private final EpochOrder order;
  private final long firstStep;
  private final StoredBlocks stored;
  private final BlockCache cache;
  private volatile boolean cancelled;

  BatchBuilder(
      FeedSource source, EpochOrder order, FeedSettings settings, Configuration configuration) {
    this.source = source;
    this.order = order;
    this.firstStep = settings.firstStep();
    this.stored = new StoredBlocks(source, configuration);
    long blocks = order.blockSizes().size();
    long records = order.blockSizes().stream().mapToLong(Integer::longValue).sum();
    long inWork = Math.min(settings.threads(), settings.prefetch());
    long blocksInWork = inWork * order.localBatch() * blocks / Math.max(1, records);
    // Two for the ends of each stream's range, one for a short block.
    int kept = (int) Math.min(blocksInWork + 2L * order.streams() + 1, 1 << 16);
    this.cache = new BlockCache(kept, Runtime.getRuntime().maxMemory() / HEAP_SHARE, stored::read);
  }

  /** Makes all further and running builds fail soon. */
  void cancel() {
    cancelled = true;
  }

  Batch build(int index) {
    List<RecordId> ids = order.batch(index);
    int size = source.preprocessing().size();
    int plane = CHANNELS * size * size;
    FloatBuffer pixels = FeedMemory.SHARED.take(Math.multiplyExact(ids.size(), plane));
    Preprocessing.Samples samples =
        source.preprocessing().start(ids.size(), source.manifest().classes().size());
    try (OpenBlock open = new OpenBlock()) {
      for (int i = 0; i < ids.size(); i++) {
        if (cancelled) {
          throw new CancellationException("closed");
        }
        add(samples, ids.get(i), open.record(ids.get(i)), pixels, i * plane);
      }
    }
    samples.complete(KeyedRandom.of(key(ids.get(0), OF_THE_BATCH)), pixels);
    long step = firstStep + order.step(index);
    return new Batch(
        pixels, samples.targets(), CHANNELS, size, size, step, order.firstSample(index));
  }

  private void add(
      Preprocessing.Samples samples,
      RecordId id,
      ImageRecord record,
      FloatBuffer pixels,
      int offset) {
    RandomGenerator random = KeyedRandom.of(key(id));
    try {
      samples.add(record, random, source.normalization(), pixels, offset);
    } catch (BrokenImageException | IllegalArgumentException e) {
      throw failure(id, record, DataException.reason(e), e);
    }
  }

  /** Of seed, epoch and where the record is stored; what is behind makes another key of it. */
  private long[] key(RecordId id, long... behind) {
    StoredBlocks.Place place = stored.place(id.block());
    long[] record = {
      order.seed(), order.epoch(), source.split().ordinal(), place.shard(), place.block(), id.row()
    };
    long[] key = Arrays.copyOf(record, record.length + behind.length);
    System.arraycopy(behind, 0, key, record.length, behind.length);
    return key;
  }

  /** The block of the last record. */
  private final class OpenBlock implements AutoCloseable {
    private int block = -1;
    private BlockCache.Lease lease;

    ImageRecord record(RecordId id) {
      if (id.block() != block) {
        close();
        lease = cache.lease(id.block());
        block = id.block();
      }
      return lease.records().get(id.row());
    }

    @Override
    public void close() {
      if (lease != null) {
        lease.close();
        lease = null;
      }
    }
  }

  private DataException failure(RecordId id, ImageRecord record, String reason, Exception cause) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "Cannot read image %s in %s/%s: %s",
            record.name(),
            source.dataset(),
            stored.file(id.block()),
            reason),
        cause);
  }
}
