package io.dropblock.nn;

import io.dropblock.nn.average.MovingAverage;
import io.dropblock.optimizer.StateArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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
  public static Optional<String> in(NetworkState state) {
    DataType type = state.dataType();
    long parameter = first(nativeOrder(state.parameters()), type);
    if (parameter >= 0) {
      return Optional.of(parameterAt(parameter, state.restore()));
    }
    return state.arrays().entrySet().stream()
        .filter(array -> first(nativeOrder(array.getValue()), type) >= 0)
        .findFirst()
        .map(array -> array.getKey().equals(NetworkState.AVERAGE) ? AVERAGE : STATE);
  }

  private static ByteBuffer nativeOrder(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /**
   * A sum is finite only where all its terms are; of large ones it may be infinite nevertheless.
   */
  private static boolean has(INDArray array) {
    return array.length() > 0
        && !Double.isFinite(array.sumNumber().doubleValue())
        && first(array) >= 0;
  }

  /** The index of the first one; -1 for none. */
  private static long first(INDArray array) {
    long[] parts = {0, -1};
    ArrayBytes.forEachPart(
        array,
        part -> {
          long found = parts[1] < 0 ? first(part, array.dataType()) : -1;
          parts[1] = found < 0 ? parts[1] : parts[0] + found;
          parts[0] += part.capacity() / array.dataType().width();
        });
    return parts[1];
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
