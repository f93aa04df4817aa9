package io.dropblock.spark.predict;

import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import java.util.ArrayDeque;
import java.util.Deque;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The folded networks of this executor, one for each task that runs at a time: the next part finds
 * the one of the part before. Thread-safe.
 */
final class FoldedNetworks {
  private static final Deque<ComputationGraph> FREE = new ArrayDeque<>();
  private static NetworkState of;

  private FoldedNetworks() {}

  /** Lends one out. */
  static ComputationGraph take(NetworkState network) {
    synchronized (FREE) {
      if (of != network) {
        FREE.clear();
        of = network;
      }
      if (!FREE.isEmpty()) {
        return FREE.pop();
      }
    }
    return FoldedNetwork.of(network.restore());
  }

  /** Takes one back that has failed in nothing. */
  static void giveBack(NetworkState network, ComputationGraph folded) {
    synchronized (FREE) {
      if (of == network) {
        FREE.push(folded);
      }
    }
  }

  /** Where driver and tasks share a JVM. */
  static void forget() {
    synchronized (FREE) {
      FREE.clear();
      of = null;
    }
  }
}
