package io.dropblock.spark.train.progress;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;

/** What this process has in memory outside of its heap: arrays, code, threads, buffers. */
public final class NativeMemory {
  private static final long HOLDS = TimeUnit.SECONDS.toNanos(1);

  private static long looked = System.nanoTime() - HOLDS;
  private static long bytes;

  private NativeMemory() {}

  /**
   * Its resident bytes less those of the heap that were ever used, as far as the heap still has
   * them; looked up once a second at most.
   */
  public static synchronized long bytes() {
    long now = System.nanoTime();
    if (now - looked >= HOLDS) {
      looked = now;
      bytes = Math.max(0, Pointer.physicalBytes() - residentHeap());
    }
    return bytes;
  }

  /** A page that nobody has written to is not resident. */
  private static long residentHeap() {
    long used =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum();
    return Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted());
  }
}
