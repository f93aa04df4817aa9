package io.dropblock.spark.train.progress;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;

/** What this process has in memory outside of its heap: arrays, code, threads, buffers. */
public final class NativeMemory {
  private static final long HOLDS = TimeUnit.SECONDS.toNanos(1);

  private static long looked = System.nanoTime() - HOLDS;
  private static long bytes;

  private NativeMemory() {}

  /** Its resident bytes less those that the heap has; looked up once a second at most. */
  public static synchronized long bytes() {
    long now = System.nanoTime();
    if (now - looked >= HOLDS) {
      looked = now;
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
      bytes = Math.max(0, Pointer.physicalBytes() - heap);
    }
    return bytes;
  }
}
