package io.dropblock.spark.allreduce;

import io.dropblock.nn.ArrayBytes;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.average.MovingAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The network of a rank. Between two epochs it stays in the executor's memory; where the driver
 * asks for the very state that a rank left here, nothing is sent, whichever rank it was: at the end
 * of a job all hold the same.
 */
final class Replica {
  /** Of the last job that ended here: one for each rank of it that ran in this executor. */
  private static final List<Kept> KEPT = new ArrayList<>();

  private record Kept(UUID master, long checksum, ComputationGraph network) {
    boolean is(UUID ofMaster, long ofState) {
      return master.equals(ofMaster) && checksum == ofState;
    }
  }

  private Replica() {}

  /**
   * A network in some state. It is the caller's until it {@link #keep}s it: what a failed attempt
   * leaves half trained is gone. What is kept in another state is dropped.
   *
   * @param checksum of the state
   * @param state the state itself, asked for only where it is needed
   */
  static ComputationGraph in(UUID master, long checksum, Supplier<NetworkState> state) {
    ComputationGraph kept = take(master, checksum);
    return kept == null ? state.get().restore() : kept;
  }

  private static ComputationGraph take(UUID master, long checksum) {
    synchronized (KEPT) {
      dropOthers(master, checksum);
      return KEPT.isEmpty() ? null : KEPT.remove(KEPT.size() - 1).network();
    }
  }

  /**
   * Keeps a network for the next job, and drops what is kept in another state.
   *
   * @param checksum of its state
   */
  static void keep(UUID master, long checksum, ComputationGraph network) {
    synchronized (KEPT) {
      dropOthers(master, checksum);
      KEPT.add(new Kept(master, checksum, network));
    }
  }

  private static void dropOthers(UUID master, long checksum) {
    KEPT.removeIf(kept -> !kept.is(master, checksum));
  }

  /** Networks that are kept in this process. */
  static List<ComputationGraph> kept() {
    synchronized (KEPT) {
      return KEPT.stream().map(Kept::network).toList();
    }
  }

  /** CRC-32C of the parameters, and of the updater state and the moving average together. */
  static long checksum(ComputationGraph network) {
    CRC32C parameters = new CRC32C();
    add(parameters, network.params());
    CRC32C others = new CRC32C();
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      add(others, updaterState);
    }
    MovingAverage.in(network).ifPresent(average -> add(others, average.values()));
    return parameters.getValue() << 32 | others.getValue();
  }

  private static void add(CRC32C crc, INDArray array) {
    ArrayBytes.forEachPart(array, crc::update);
  }
}
