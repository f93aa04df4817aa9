package io.dropblock.spark.data.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Memory outside the heap for the pixels and targets of batches, where native code reads and writes
 * without a copy. What is given back serves all later feeds of the process: left to the garbage
 * collector, it would stay until that has reason to look at the old part of the heap, which has
 * nothing to do with how much there is outside it. Thread-safe.
 */
final class FeedMemory {
  /** Pixels and two targets of training and evaluation, and of the last, shorter batch of each. */
  private static final int LENGTHS = 12;

  private static final int CACHE_LINE = 64;

  /** This process's. */
  static final FeedMemory SHARED = new FeedMemory();

  private final Map<Integer, Deque<FloatBuffer>> spare =
      new LinkedHashMap<>(LENGTHS, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Deque<FloatBuffer>> eldest) {
          return size() > LENGTHS;
        }
      };

  /** Not cleared where it was in use before: a transform writes all of its square. */
  FloatBuffer take(int length) {
    synchronized (spare) {
      Deque<FloatBuffer> given = spare.get(length);
      if (given != null && !given.isEmpty()) {
        return given.pop();
      }
    }
    return allocate(length);
  }

  /** For a later {@link #take}; nobody may use it until then. */
  void giveBack(FloatBuffer memory) {
    synchronized (spare) {
      spare.computeIfAbsent(memory.capacity(), length -> new ArrayDeque<>()).push(memory);
    }
  }

  private static FloatBuffer allocate(int length) {
    // an aligned slice loses less than a line at each end
    int bytes = Math.addExact(Math.multiplyExact(length, Float.BYTES), 2 * CACHE_LINE);
    return ByteBuffer.allocateDirect(bytes)
        .alignedSlice(CACHE_LINE)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .slice(0, length);
  }
}
