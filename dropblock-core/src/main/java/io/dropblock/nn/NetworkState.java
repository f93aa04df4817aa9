package io.dropblock.nn;

import io.dropblock.nn.average.MovingAverage;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.StateArrays;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
 * @param arrays what the graph consists of, by name: {@code parameters}, batch normalisation's
 *     moving statistics included, {@link StateArrays the updater's}, and {@code average} where the
 *     network has a {@link MovingAverage}. Floats or doubles as they lie in memory, little-endian
 *     on every machine that ND4J runs on
 */
public record NetworkState(String configuration, Map<String, byte[]> arrays)
    implements StateBytes, Serializable {
  /** The name of the flat parameters. */
  public static final String PARAMETERS = "parameters";

  /** The name of their moving average. */
  public static final String AVERAGE = "average";

  /**
   * Keeps the arrays' order.
   *
   * @throws IllegalArgumentException if there are no parameters
   */
  public NetworkState {
    if (!arrays.containsKey(PARAMETERS)) {
      throw new IllegalArgumentException(
          "Cannot make a network of " + arrays.keySet() + ": there are no " + PARAMETERS);
    }
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /** Copies the state of an initialised graph. */
  public static NetworkState of(ComputationGraph network) {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arraysOf(network).forEach((name, parts) -> arrays.put(name, bytes(parts)));
    return new NetworkState(network.getConfiguration().toJson(), arrays);
  }

  /** The parts of each array. */
  static Map<String, List<INDArray>> arraysOf(ComputationGraph network) {
    Map<String, List<INDArray>> arrays = new LinkedHashMap<>();
    arrays.put(PARAMETERS, List.of(network.params()));
    arrays.putAll(StateArrays.of(network));
    MovingAverage.in(network).ifPresent(average -> arrays.put(AVERAGE, List.of(average.values())));
    return arrays;
  }

  @Override
  public Set<String> names() {
    return arrays.keySet();
  }

  @Override
  public long length(String name) {
    return arrays.get(name).length;
  }

  @Override
  public <E extends Exception> void forEachPart(String name, Use<E> use) throws E {
    ByteBuffer bytes = ByteBuffer.wrap(arrays.get(name)).asReadOnlyBuffer();
    use.accept(bytes.order(ByteOrder.nativeOrder()));
  }

  /** The flat parameters. */
  public byte[] parameters() {
    return arrays.get(PARAMETERS);
  }

  /** Whether there is a moving average of the weights. */
  public boolean hasAverage() {
    return arrays.containsKey(AVERAGE);
  }

  /** The same without the moving average; itself if there is none. */
  public NetworkState raw() {
    if (!hasAverage()) {
      return this;
    }
    Map<String, byte[]> others = new LinkedHashMap<>(arrays);
    others.remove(AVERAGE);
    return new NetworkState(configuration, others);
  }

  /**
   * The network whose weights are the moving average, to be used and not to be trained on.
   *
   * @throws IllegalStateException if there is none
   */
  public NetworkState averaged() {
    if (!hasAverage()) {
      throw new IllegalStateException("Cannot take the moving average: there is none");
    }
    Map<String, byte[]> others = new LinkedHashMap<>(arrays);
    others.put(PARAMETERS, others.remove(AVERAGE));
    return new NetworkState(configuration, others);
  }

  /** The network to measure and to use: that of the moving average, or itself if there is none. */
  public NetworkState forInference() {
    return hasAverage() ? averaged() : this;
  }

  /**
   * Builds a graph in this state. It has its {@link OnePassUpdater}, if it is one for it, and its
   * {@link MovingAverage}, if there is one.
   *
   * @throws IllegalArgumentException if the arrays do not fit the configuration
   */
  public ComputationGraph restore() {
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    DataType type = network.getConfiguration().getDataType();
    INDArray values = Nd4j.createUninitialized(type, 1, parameters().length / type.width());
    copy(PARAMETERS, parameters(), List.of(values));
    network.init(values, false);
    if (OnePassUpdater.isFor(network)) {
      OnePassUpdater.attach(network);
    }
    if (hasAverage()) {
      MovingAverage.of(network);
    }
    assignTo(network);
    return network;
  }

  /**
   * Puts a graph of the same configuration into this state. Its counters stay.
   *
   * @throws IllegalArgumentException if the arrays do not fit
   */
  public void assignTo(ComputationGraph network) {
    Map<String, List<INDArray>> into = arraysOf(network);
    if (!into.keySet().equals(arrays.keySet())) {
      throw new IllegalArgumentException(
          "Cannot restore the network: there are "
              + arrays.keySet()
              + " in place of "
              + into.keySet());
    }
    into.forEach((name, parts) -> copy(name, arrays.get(name), parts));
  }

  private static byte[] bytes(List<INDArray> parts) {
    byte[] bytes = new byte[Math.toIntExact(length(parts))];
    ByteBuffer to = ByteBuffer.wrap(bytes);
    parts.forEach(array -> ArrayBytes.forEachPart(array, to::put));
    return bytes;
  }

  /** In bytes. */
  static long length(List<INDArray> parts) {
    return parts.stream().mapToLong(array -> array.length() * array.dataType().width()).sum();
  }

  private static void copy(String what, byte[] bytes, List<INDArray> to) {
    long expected = length(to);
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
    to.forEach(
        array ->
            ArrayBytes.forEachPart(
                array,
                part -> {
                  part.put(from.slice(from.position(), part.remaining()));
                  from.position(from.position() + part.position());
                }));
  }
}
