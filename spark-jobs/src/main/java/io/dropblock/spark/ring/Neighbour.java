package io.dropblock.spark.ring;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The rank beside this one, for messages.
 *
 * @param rank its number
 * @param address where it listened for its own neighbour
 */
record Neighbour(int rank, InetSocketAddress address) {
  static String text(SocketAddress address) {
    return address instanceof InetSocketAddress internet
        ? internet.getHostString() + ":" + internet.getPort()
        : String.valueOf(address);
  }

  @Override
  public String toString() {
    return "rank " + rank + " at " + text(address);
  }
}
