package io.dropblock.nn;

import java.io.Serializable;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph as bytes: what a checkpoint holds and a broadcast carries. ND4J's own serialisation goes
 * element by element and takes half a second for ResNet-50; this is one bulk copy.
 *
 * @param configuration the graph's configuration as DL4J's JSON, with its iteration and epoch
 *     counters (DL4J's {@code ComputationGraphConfiguration.clone()} would lose them)
 * @param parameters the flat parameters, batch normalisation's running statistics included: 32-bit
 *     little-endian floats
 * @param updaterState the updater's flat state, likewise; empty for a stateless updater
 */
public record NetworkState(String configuration, byte[] parameters, byte[] updaterState)
    implements Serializable {

  /** Copies the state of an initialised graph of data type FLOAT. */
  public static NetworkState of(ComputationGraph network) {
    INDArray updaterState = network.getUpdater().getStateViewArray();
    return new NetworkState(
        network.getConfiguration().toJson(),
        bytes(network.params()),
        updaterState == null ? new byte[0] : bytes(updaterState));
  }

  /**
   * Builds a graph in this state.
   *
   * @throws IllegalArgumentException if the numbers do not fit the configuration
   */
  public ComputationGraph restore() {
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    network.init(array("parameters", parameters, parameters.length / Float.BYTES), false);
    if (updaterState.length > 0) {
      INDArray state = network.getUpdater().getStateViewArray();
      state.assign(array("updater state", updaterState, state.length()));
    }
    return network;
  }

  private static byte[] bytes(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException("Cannot copy a network of type " + array.dataType());
    }
    INDArray copy = array.dup('c');
    byte[] bytes = new byte[Math.toIntExact(copy.length() * Float.BYTES)];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(copy.data().asNioFloat());
    // the NIO view does not keep the array alive
    Reference.reachabilityFence(copy);
    return bytes;
  }

  private static INDArray array(String what, byte[] bytes, long expected) {
    if (bytes.length != expected * Float.BYTES) {
      throw new IllegalArgumentException(
          "Cannot restore the %s: %d bytes in place of %d"
              .formatted(what, bytes.length, expected * Float.BYTES));
    }
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return Nd4j.createFromArray(values).reshape(1, values.length);
  }
}
