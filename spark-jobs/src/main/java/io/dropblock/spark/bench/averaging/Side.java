package io.dropblock.spark.bench.averaging;

import io.dropblock.spark.ring.WireFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * One process of a {@link Pair}, seen from inside.
 *
 * @param rank 0 or 1
 * @param of what it measures
 */
record Side(int rank, AveragingCase of) {
  /** A round. */
  interface Round {
    void run() throws IOException;
  }

  static Side from(String[] arguments) {
    return new Side(
        Integer.parseInt(arguments[0]),
        new AveragingCase(
            Integer.parseInt(arguments[1]),
            WireFormat.valueOf(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4])));
  }

  /** Tells the port of this side and returns the addresses of both. */
  List<InetSocketAddress> exchange(int port) throws IOException {
    System.out.println(port);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    if (line == null) {
      throw new IOException("Cannot measure averaging: the measurement is gone");
    }
    return Arrays.stream(line.split(" "))
        .map(
            text -> new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(text)))
        .toList();
  }

  /** Runs all rounds and tells the milliseconds of those that count. */
  void measure(Round round) throws IOException {
    StringJoiner times = new StringJoiner(" ");
    for (int i = -of.warmUpRounds(); i < of.rounds(); i++) {
      long begin = System.nanoTime();
      round.run();
      double milliseconds = (System.nanoTime() - begin) / 1e6;
      if (i >= 0) {
        times.add(String.format(Locale.ROOT, "%.4f", milliseconds));
      }
    }
    System.out.println(times);
  }

  /** Direct memory that has been written to, so that no round pays for its pages. */
  static ByteBuffer touched(long bytes) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    while (buffer.hasRemaining()) {
      buffer.put((byte) 1);
    }
    return buffer.clear();
  }
}
