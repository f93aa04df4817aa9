package io.dropblock.nn;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * A graph as bytes: what a checkpoint holds and a broadcast carries. ND4J's own serialisation goes
 * element by element and takes half a second for ResNet-50; this is one bulk copy.
 *
 * @param configuration the graph's configuration as DL4J's JSON, with its iteration and epoch
 *     counters (DL4J's {@code ComputationGraphConfiguration.clone()} would lose them)
 * @param parameters the flat parameters, batch normalisation's running statistics included: floats
 *     or doubles as they lie in memory, little-endian on every machine that ND4J runs on
 * @param updaterState the updater's flat state, likewise; empty for a stateless updater
 */
public record NetworkState(String configuration, byte[] parameters, byte[] updaterState)
    implements Serializable {

  /** Copies the state of an initialised graph. */
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
    DataType type = network.getConfiguration().getDataType();
    INDArray values = Nd4j.createUninitialized(type, 1, parameters.length / type.width());
    copy("parameters", parameters, values);
    network.init(values, false);
    copyUpdaterState(network);
    return network;
  }

  /**
   * Puts a graph of the same configuration into this state. Its counters stay.
   *
   * @throws IllegalArgumentException if the numbers do not fit
   */
  public void assignTo(ComputationGraph network) {
    copy("parameters", parameters, network.params());
    copyUpdaterState(network);
  }

  /**
   * The type of the numbers; without one in the configuration it is DL4J's, floats.
   *
   * @throws IllegalArgumentException if the configuration is no JSON, or the type none of ND4J's
   */
  DataType dataType() {
    try {
      JsonNode type = NeuralNetConfiguration.mapper().readTree(configuration).path("dataType");
      return DataType.valueOf(type.asText(DataType.FLOAT.name()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException("Cannot tell the type of a network's numbers", e);
    }
  }

  private void copyUpdaterState(ComputationGraph network) {
    if (updaterState.length > 0) {
      copy("updater state", updaterState, network.getUpdater().getStateViewArray());
    }
  }

  private static byte[] bytes(INDArray array) {
    byte[] bytes = new byte[Math.toIntExact(array.length() * array.dataType().width())];
    ByteBuffer to = ByteBuffer.wrap(bytes);
    ArrayBytes.forEachPart(array, to::put);
    return bytes;
  }

  private static void copy(String what, byte[] bytes, INDArray to) {
    long expected = to.length() * to.dataType().width();
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot restore the %s: %d bytes in place of %d",
              what,
              bytes.length,
              expected));
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    ArrayBytes.forEachPart(
        to,
        part -> {
          part.put(from.slice(from.position(), part.remaining()));
          from.position(from.position() + part.position());
        });
  }
}
