package io.dropblock.bench.op;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A copy of a contiguous tensor by memcpy: a slice a thread, one of them the caller's.
 *
 * <p>The other threads wait awake for the next copy, as OpenMP's do: waking a sleeping one takes as
 * long as copying a few megabytes. So there must be a processor for each, and none of these threads
 * while something else is measured.
 */
final class PlainCopy implements AutoCloseable {
  private static final long CACHE_LINE = 64;
  private static final int SPINS = 1000;

  private final INDArray from;
  private final INDArray to;
  private final List<Slice> slices = new ArrayList<>();
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile int round;
  private volatile boolean closed;

  private record Slice(Pointer target, Pointer source, long bytes) {
    void copy() {
      Pointer.memcpy(target, source, bytes);
    }
  }

  PlainCopy(INDArray from, INDArray to, int threads) {
    this.from = from;
    this.to = to;
    long bytes = from.length() * from.dataType().width();
    long length = (bytes / threads + CACHE_LINE) / CACHE_LINE * CACHE_LINE;
    for (long begin = 0; begin < bytes; begin += length) {
      slices.add(
          new Slice(
              new BytePointer(to.data().addressPointer()).position(begin),
              new BytePointer(from.data().addressPointer()).position(begin),
              Math.min(length, bytes - begin)));
    }
    for (Slice slice : slices.subList(1, slices.size())) {
      Thread thread = new Thread(() -> copyEveryRound(slice), "copy");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void copyEveryRound(Slice slice) {
    for (int next = 1; ; next++) {
      for (int waited = 0; round != next; waited++) {
        if (closed) {
          return;
        }
        stayAwake(waited);
      }
      slice.copy();
      unfinished.decrementAndGet();
    }
  }

  /** Now and then lets others run: where they are, the thread that is waited for may be one. */
  private static void stayAwake(int waited) {
    if (waited % SPINS == SPINS - 1) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  void run() {
    unfinished.set(slices.size() - 1);
    round++;
    slices.get(0).copy();
    for (int waited = 0; unfinished.get() > 0; waited++) {
      stayAwake(waited);
    }
    // Pointers do not keep an array's memory
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }

  @Override
  public void close() {
    closed = true;
  }
}
