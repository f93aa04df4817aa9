package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.shard.ImageRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;

/**
 * The blocks read last. Threads that want the same block at the same time read it once.
 * Thread-safe.
 */
final class BlockCache {
  private final int capacity;
  private final IntFunction<List<ImageRecord>> reader;
  private final Map<Integer, FutureTask<List<ImageRecord>>> blocks =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * An empty cache.
   *
   * @param capacity blocks kept, 1 or more
   * @param reader reads a block; may throw
   */
  BlockCache(int capacity, IntFunction<List<ImageRecord>> reader) {
    this.capacity = capacity;
    this.reader = reader;
  }

  /** A block, read now unless it is here; throws what the reader throws. */
  List<ImageRecord> block(int index) {
    FutureTask<List<ImageRecord>> task;
    synchronized (blocks) {
      task = blocks.computeIfAbsent(index, key -> new FutureTask<>(() -> reader.apply(key)));
      if (blocks.size() > capacity) {
        blocks.remove(blocks.keySet().iterator().next());
      }
    }
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
      // A reader is no Callable: it throws nothing checked.
      throw (RuntimeException) e.getCause();
    }
  }
}
