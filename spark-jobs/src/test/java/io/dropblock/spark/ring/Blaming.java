package io.dropblock.spark.ring;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What a rank throws whose neighbour does not do its part. */
public final class Blaming {
  private Blaming() {}

  public static RingException rank(int rank) {
    return new RingException(
        "average with",
        new Neighbour(rank, new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000)),
        "silent for 2 s");
  }
}
