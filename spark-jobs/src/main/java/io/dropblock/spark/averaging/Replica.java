package io.dropblock.spark.averaging;

import io.dropblock.nn.ArrayBytes;
import io.dropblock.nn.NetworkState;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A rank's network. Between two epochs it stays in the executor's memory; where the rank comes back
 * to the same executor, and the driver asks for the very state that it left, nothing is sent.
 */
final class Replica {
  /** Of the master that was here last: another one's need not be kept. */
  private static final Map<Key, ComputationGraph> KEPT = new ConcurrentHashMap<>();

  private record Key(UUID master, int rank) {}

  private Replica() {}

  /**
   * A network in some state. It is the caller's until it {@link #keep}s it: what a failed attempt
   * leaves half trained is gone.
   *
   * @param checksum of the state
   * @param state the state itself, asked for only where it is needed
   */
  static ComputationGraph in(UUID master, int rank, long checksum, Supplier<NetworkState> state) {
    for (Iterator<Key> keys = KEPT.keySet().iterator(); keys.hasNext(); ) {
      if (!keys.next().master().equals(master)) {
        keys.remove();
      }
    }
    ComputationGraph kept = KEPT.remove(new Key(master, rank));
    return kept != null && checksum(kept) == checksum ? kept : state.get().restore();
  }

  static void keep(UUID master, int rank, ComputationGraph network) {
    KEPT.put(new Key(master, rank), network);
  }

  /** CRC-32C of the parameters, and of the updater state. */
  static long checksum(ComputationGraph network) {
    INDArray updaterState = network.getUpdater().getStateViewArray();
    return crc(network.params()) << 32 | (updaterState == null ? 0 : crc(updaterState));
  }

  private static long crc(INDArray array) {
    CRC32C crc = new CRC32C();
    ArrayBytes.forEachPart(array, crc::update);
    return crc.getValue();
  }
}
