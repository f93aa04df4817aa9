package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.shard.ImageRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;

/**
 * The blocks read last, up to a number of them and up to a number of bytes; a block that is in use
 * comes on top. Threads that want the same block at the same time read it once. A block's bytes are
 * read to the array of an earlier one that nobody uses any more: blocks are large and live long
 * enough for the garbage collector to move them before they go. Thread-safe.
 */
final class BlockCache {
  /** Reads blocks. */
  interface Reader {
    /**
     * Reads a block; may throw.
     *
     * @param storage gives an array of so many bytes or more for its images
     */
    List<ImageRecord> read(int block, IntFunction<byte[]> storage);
  }

  private final int capacity;
  private final long capacityBytes;
  private final Reader reader;
  private final Map<Integer, Block> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private final List<byte[]> spare = new ArrayList<>();

  /**
   * An empty cache.
   *
   * @param capacity blocks kept, 1 or more
   * @param capacityBytes of the arrays of those, 0 or more
   */
  BlockCache(int capacity, long capacityBytes, Reader reader) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
    this.reader = reader;
  }

  /** A block, read now unless it is here; throws what the reader throws. */
  Lease lease(int index) {
    Block block;
    synchronized (this) {
      block = blocks.computeIfAbsent(index, Block::new);
      block.users++;
      keepAtMost(capacity, Long.MAX_VALUE);
    }
    Lease lease = new Lease(block);
    try {
      lease.records = block.records();
      return lease;
    } finally {
      if (lease.records == null) {
        lease.close();
      }
    }
  }

  /** Lets the eldest go; a block without an array yet takes none. */
  private void keepAtMost(int count, long bytes) {
    long total = blocks.values().stream().mapToLong(Block::bytes).sum();
    for (Block block : List.copyOf(blocks.values())) {
      if (blocks.size() > count || total > bytes && block.storage != null) {
        total -= block.bytes();
        blocks.remove(block.index);
        block.kept = false;
        recycle(block);
      }
    }
  }

  private synchronized byte[] storage(Block block, int bytes) {
    keepAtMost(capacity, capacityBytes - bytes);
    block.storage = array(bytes);
    return block.storage;
  }

  private byte[] array(int bytes) {
    for (Iterator<byte[]> arrays = spare.iterator(); arrays.hasNext(); ) {
      byte[] array = arrays.next();
      if (array.length >= bytes) {
        arrays.remove();
        return array;
      }
    }
    // Too small for this one, so for many: blocks differ little.
    spare.clear();
    return new byte[(int) Math.min(bytes + bytes / 8L, Integer.MAX_VALUE - 16)];
  }

  private synchronized void release(Block block) {
    block.users--;
    recycle(block);
  }

  private void recycle(Block block) {
    if (block.users == 0 && !block.kept && block.storage != null) {
      spare.add(block.storage);
      block.storage = null;
    }
  }

  private final class Block {
    private final int index;
    private final FutureTask<List<ImageRecord>> task;
    private byte[] storage;
    private int users;
    private boolean kept = true;

    Block(int index) {
      this.index = index;
      task = new FutureTask<>(() -> reader.read(index, bytes -> storage(this, bytes)));
    }

    /** 0 as long as nobody reads it. */
    int bytes() {
      return storage == null ? 0 : storage.length;
    }

    List<ImageRecord> records() {
      // Runs it on this thread; does nothing where another thread runs it or has run it.
      task.run();
      try {
        return task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        // A reader throws nothing checked.
        throw (RuntimeException) e.getCause();
      }
    }
  }

  /** A block in use. Its records are somebody else's bytes once it is closed. */
  final class Lease implements AutoCloseable {
    private final Block block;
    private List<ImageRecord> records;

    private Lease(Block block) {
      this.block = block;
    }

    List<ImageRecord> records() {
      return records;
    }

    @Override
    public void close() {
      release(block);
    }
  }
}
