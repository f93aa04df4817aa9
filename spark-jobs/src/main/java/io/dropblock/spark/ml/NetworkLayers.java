package io.dropblock.spark.ml;

import io.dropblock.model.MapShape;
import io.dropblock.model.NetworkSummary;
import io.dropblock.nn.TrainingOnly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/** The layers of a network whose activations can be taken, by the names of their vertices. */
final class NetworkLayers {
  private static final int CHANNELS = 3;

  /** Told where a name is wrong: people look for one near the end. */
  private static final int SHOWN = 8;

  private final ComputationGraphConfiguration configuration;
  private final Map<String, Integer> lengths = new LinkedHashMap<>();

  /**
   * @param json the network's configuration
   * @param size side of the square that it takes, pixels
   */
  NetworkLayers(String json, int size) {
    configuration = ComputationGraphConfiguration.fromJson(json);
    NetworkSummary.of(configuration, new MapShape(CHANNELS, size, size))
        .layers()
        .forEach(layer -> add(layer.name(), layer.output()));
  }

  private void add(String name, MapShape output) {
    if (!isTrainingOnly(name)) {
      int positions = Math.multiplyExact(output.height(), output.width());
      lengths.put(name, Math.multiplyExact(output.channels(), positions));
    }
  }

  /** In the order of a forward pass. */
  List<String> names() {
    return List.copyOf(lengths.keySet());
  }

  /** The network's own outputs, those among them that only teach. */
  List<String> outputs() {
    return List.copyOf(configuration.getNetworkOutputs());
  }

  /** What the last layer reads, where that is a vector an image. */
  Optional<String> pooled() {
    String output = configuration.getNetworkOutputs().get(0);
    return layer(output) instanceof OutputLayer
        ? Optional.of(configuration.getVertexInputs().get(output).get(0))
        : Optional.empty();
  }

  /**
   * Numbers that a layer makes of an image.
   *
   * @throws IllegalArgumentException if there is no such layer
   */
  int length(String name) {
    Integer length = lengths.get(name);
    if (length == null) {
      List<String> last = names().subList(Math.max(0, lengths.size() - SHOWN), lengths.size());
      throw new IllegalArgumentException(
          "Cannot take features of layer '"
              + name
              + "': the network has none of that name; its last ones are "
              + last.stream().collect(Collectors.joining(", "))
              + "; layers() names all "
              + lengths.size());
    }
    return length;
  }

  private boolean isTrainingOnly(String name) {
    return layer(name) instanceof TrainingOnly;
  }

  private Object layer(String name) {
    GraphVertex vertex = configuration.getVertices().get(name);
    return vertex instanceof LayerVertex holder ? holder.getLayerConf().getLayer() : vertex;
  }
}
