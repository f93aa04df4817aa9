package io.dropblock.nn;

import io.dropblock.nn.average.MovingAverage;
import io.dropblock.optimizer.StateArrays;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * Finds numbers of a network that are NaN or infinite: in its parameters, in the moving statistics
 * of batch normalisation, which are among them, in the updater's state, and in the moving average
 * of the weights.
 */
public final class NotFinite {
  private static final String STATE = "the updater's state";
  private static final String AVERAGE = "the moving average of the weights";

  private NotFinite() {}

  /**
   * Looks at a network that trains; where all is well it costs one read of its numbers.
   *
   * @return what holds the first one, such as {@code parameter 'W' of 'conv1'}, {@code the moving
   *     variance of 'norm1'} or {@code the updater's state}; empty if all numbers are finite
   */
  public static Optional<String> in(ComputationGraph network) {
    if (has(network.params())) {
      return Optional.of(parameterAt(first(network.params()), network));
    }
    if (StateArrays.of(network).values().stream().flatMap(List::stream).anyMatch(NotFinite::has)) {
      return Optional.of(STATE);
    }
    return MovingAverage.in(network).map(MovingAverage::values).filter(NotFinite::has).isPresent()
        ? Optional.of(AVERAGE)
        : Optional.empty();
  }

  /**
   * Looks at a network as bytes.
   *
   * @return as above
   */
  public static Optional<String> in(StateBytes state) {
    DataType type = dataType(state.configuration());
    long parameter = first(state, NetworkState.PARAMETERS, type);
    if (parameter >= 0) {
      return Optional.of(parameterAt(parameter, network(state.configuration())));
    }
    return state.names().stream()
        .filter(name -> first(state, name, type) >= 0)
        .findFirst()
        .map(name -> name.equals(NetworkState.AVERAGE) ? AVERAGE : STATE);
  }

  /** To know the names of the parameters. */
  private static ComputationGraph network(String configuration) {
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    network.init();
    return network;
  }

  /**
   * The type of a graph's numbers; without one in the configuration it is DL4J's, floats.
   *
   * @throws IllegalArgumentException if the configuration is no JSON, or the type none of ND4J's
   */
  private static DataType dataType(String configuration) {
    try {
      JsonNode type = NeuralNetConfiguration.mapper().readTree(configuration).path("dataType");
      return DataType.valueOf(type.asText(DataType.FLOAT.name()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException("Cannot tell the type of a network's numbers", e);
    }
  }

  /**
   * A sum is finite only where all its terms are; of large ones it may be infinite nevertheless.
   */
  private static boolean has(INDArray array) {
    return array.length() > 0
        && !Double.isFinite(array.sumNumber().doubleValue())
        && first(array) >= 0;
  }

  private static long first(INDArray array) {
    Search search = new Search(array.dataType());
    ArrayBytes.forEachPart(array, search::look);
    return search.found;
  }

  private static long first(StateBytes state, String name, DataType type) {
    Search search = new Search(type);
    state.forEachPart(name, search::look);
    return search.found;
  }

  /** Goes through numbers part by part. */
  private static final class Search {
    private final DataType type;
    private long before;

    /** The index of the first one; -1 for none. */
    private long found = -1;

    Search(DataType type) {
      this.type = type;
    }

    void look(ByteBuffer part) {
      if (found < 0) {
        long here = first(part, type);
        found = here < 0 ? -1 : before + here;
        before += part.remaining() / type.width();
      }
    }
  }

  private static long first(ByteBuffer numbers, DataType type) {
    int count = numbers.remaining() / type.width();
    for (int i = 0; i < count; i++) {
      if (!isFinite(numbers, i, type)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isFinite(ByteBuffer numbers, int index, DataType type) {
    return switch (type) {
      case FLOAT -> Float.isFinite(numbers.getFloat(index * Float.BYTES));
      case DOUBLE -> Double.isFinite(numbers.getDouble(index * Double.BYTES));
      default ->
          throw new IllegalArgumentException(
              "Cannot look at the numbers of a network of "
                  + type
                  + ": floats or doubles are needed");
    };
  }

  private static String parameterAt(long index, ComputationGraph network) {
    long from = 0;
    for (int place : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[place];
      if (vertex.numParams() > 0) {
        for (Map.Entry<String, INDArray> parameter : vertex.paramTable(false).entrySet()) {
          from += parameter.getValue().length();
          if (index < from) {
            return name(vertex, parameter.getKey());
          }
        }
      }
    }
    throw new IllegalStateException("Cannot find parameter " + index + " of " + from);
  }

  private static String name(GraphVertex vertex, String parameter) {
    boolean normalises =
        vertex.hasLayer() && vertex.getLayer().conf().getLayer() instanceof BatchNormalization;
    if (normalises && parameter.equals(BatchNormalizationParamInitializer.GLOBAL_MEAN)) {
      return "the moving mean of '" + vertex.getVertexName() + "'";
    }
    if (normalises
        && (parameter.equals(BatchNormalizationParamInitializer.GLOBAL_VAR)
            || parameter.equals(BatchNormalizationParamInitializer.GLOBAL_LOG_STD))) {
      return "the moving variance of '" + vertex.getVertexName() + "'";
    }
    return "parameter '" + parameter + "' of '" + vertex.getVertexName() + "'";
  }
}
