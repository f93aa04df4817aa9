package io.dropblock.spark.bench;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A copy of a contiguous tensor by memcpy: a slice a thread, one of them the caller's. */
final class PlainCopy implements AutoCloseable {
  private static final long CACHE_LINE = 64;

  private final INDArray from;
  private final INDArray to;
  private final List<Callable<Void>> slices = new ArrayList<>();
  private final ExecutorService others;

  PlainCopy(INDArray from, INDArray to, int threads) {
    this.from = from;
    this.to = to;
    long bytes = from.length() * from.dataType().width();
    long slice = (bytes / threads + CACHE_LINE) / CACHE_LINE * CACHE_LINE;
    for (long begin = 0; begin < bytes; begin += slice) {
      slices.add(slice(begin, Math.min(slice, bytes - begin)));
    }
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            work -> {
              Thread thread = new Thread(work, "copy");
              thread.setDaemon(true);
              return thread;
            });
  }

  private Callable<Void> slice(long begin, long bytes) {
    BytePointer source = new BytePointer(from.data().addressPointer()).position(begin);
    BytePointer target = new BytePointer(to.data().addressPointer()).position(begin);
    return () -> {
      Pointer.memcpy(target, source, bytes);
      return null;
    };
  }

  void run() throws Exception {
    List<Future<Void>> running = new ArrayList<>(slices.size());
    for (Callable<Void> slice : slices.subList(1, slices.size())) {
      running.add(others.submit(slice));
    }
    slices.get(0).call();
    for (Future<Void> slice : running) {
      try {
        slice.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("Cannot copy a slice", e.getCause());
      }
    }
    // Pointers do not keep an array's memory
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
