package io.dropblock.bench.averaging;

import com.sun.management.OperatingSystemMXBean;
import io.dropblock.bench.process.Parent;
import io.dropblock.bench.process.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** The rounds of one process, from meeting the others to the report. */
final class Rounds {
  private static final double BYTES_PER_MIB = 1 << 20;

  private final RoundsJob job;
  private final Parent parent;
  private final List<Double> milliseconds = new ArrayList<>();
  private long cpuNanos;
  private long bytes;

  Rounds(RoundsJob job, Parent parent) {
    this.job = job;
    this.parent = parent;
  }

  /** A round. */
  interface Round {
    void run() throws IOException;
  }

  /** Tells the port of this process and returns the addresses of all, in the order of ranks. */
  List<InetSocketAddress> exchange(int port) throws InterruptedException {
    parent.say(Integer.toString(port));
    return Arrays.stream(parent.hear().split(" "))
        .map(
            text -> new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(text)))
        .toList();
  }

  /**
   * Runs all rounds and reports.
   *
   * @param round one of them; all processes take part in each
   * @param bytesSent by this process, so far
   */
  void measure(Round round, LongSupplier bytesSent) throws IOException {
    repeat(job.warmUpRounds(), round);
    int first = job.roundsUntilSettled();
    count(first, round, bytesSent);
    Memory settled = Memory.now();
    // The others may still collect their garbage: this one waits for them
    round.run();
    count(job.rounds() - first, round, bytesSent);
    Memory end = Memory.now();
    parent.say(
        new RoundsReport(
            milliseconds,
            cpuNanos / 1e6 / job.rounds(),
            bytes / job.rounds(),
            end.resident() - settled.resident(),
            end.heap() - settled.heap()));
  }

  private static void repeat(int rounds, Round round) throws IOException {
    for (int i = 0; i < rounds; i++) {
      round.run();
    }
  }

  private void count(int rounds, Round round, LongSupplier bytesSent) throws IOException {
    long bytesBefore = bytesSent.getAsLong();
    long cpuBefore = cpuNanos();
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      round.run();
      milliseconds.add((System.nanoTime() - begin) / 1e6);
    }
    cpuNanos += cpuNanos() - cpuBefore;
    bytes += bytesSent.getAsLong() - bytesBefore;
  }

  /** Of all threads of this process, in steps of 10 ms. */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** Without garbage, in MiB. */
  private record Memory(double resident, double heap) {

    static Memory now() {
      double resident = ProcessMemory.resident();
      Runtime runtime = Runtime.getRuntime();
      return new Memory(resident, (runtime.totalMemory() - runtime.freeMemory()) / BYTES_PER_MIB);
    }
  }

  /**
   * Direct memory that has been written to, so that no round pays for its pages: zeros, which stay
   * so however often they are summed.
   */
  static ByteBuffer touched(long bytes) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    while (buffer.hasRemaining()) {
      buffer.put((byte) 0);
    }
    return buffer.clear();
  }
}
