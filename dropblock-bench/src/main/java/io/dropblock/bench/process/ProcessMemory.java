package io.dropblock.bench.process;

import io.dropblock.bench.figure.MeasurementException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory of this process as Linux counts it, in MiB. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int KIB_PER_MIB = 1024;
  private static final int MOST_ROUNDS = 20;
  private static final int ROUND_MILLISECONDS = 300;
  private static final double SETTLED_MIB = 1;

  private ProcessMemory() {}

  /** The largest resident size since the process began. */
  public static double peak() {
    return read("VmHWM");
  }

  /**
   * The resident size once garbage is gone: of the heap, which shrinks then, and of the arrays
   * outside it, which ND4J frees on threads of its own, some time after a collection has found
   * them.
   */
  public static double resident() {
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      System.gc();
      sleep();
      double now = read("VmRSS");
      if (now > least - SETTLED_MIB) {
        return Math.min(now, least);
      }
      least = now;
    }
    return least;
  }

  private static void sleep() {
    try {
      Thread.sleep(ROUND_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double read(String key) {
    try {
      return of(Files.readAllLines(STATUS), key);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + STATUS + ": " + e.getMessage(), e);
    }
  }

  /** The value of a line such as {@code VmHWM: 1756 kB}. */
  static double of(List<String> status, String key) {
    return status.stream()
            .filter(line -> line.startsWith(key + ":"))
            .map(line -> line.replaceAll("\\D", ""))
            .mapToDouble(Double::parseDouble)
            .findFirst()
            .orElseThrow(
                () -> new MeasurementException("Cannot read memory: " + STATUS + " has no " + key))
        / KIB_PER_MIB;
  }
}
