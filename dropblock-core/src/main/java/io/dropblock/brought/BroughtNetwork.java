package io.dropblock.brought;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;

/**
 * A classifier of images that somebody brought as DL4J's JSON, strictly read: one input of images
 * {@code [n, 3, size, size]}, or channels last as the file has it, and one output, softmax over the
 * classes. What trains it is none of the file's: updaters, regularisation, loss function, seed and
 * counters in it are not read.
 */
public final class BroughtNetwork {
  private static final int CHANNELS = 3;

  private final ComputationGraphConfiguration configuration;
  private final Map<String, InputType> types;

  private BroughtNetwork(
      ComputationGraphConfiguration configuration, Map<String, InputType> types) {
    this.configuration = configuration;
    this.types = types;
  }

  /**
   * Reads it.
   *
   * @param json as {@code ComputationGraphConfiguration.toJson} writes it
   * @param size height and width of the images
   * @param classes that the output tells apart
   * @throws IllegalArgumentException if it is no such network, as the end of a sentence
   */
  public static BroughtNetwork of(String json, int size, int classes) {
    ComputationGraphConfiguration read = NetworkJson.read(json);
    BroughtRules rules = new BroughtRules(read);
    rules.requireOneInputAndOutput();
    read.getVertices().keySet().forEach(rules::requireTrainable);
    InputType images = InputType.convolutional(size, size, CHANNELS, rules.orderOfImages());
    Map<String, Long> said = ShapeRules.inputs(read);
    Map<String, InputType> types;
    try {
      // also adds what lies between maps and vectors, and the numbers of inputs where left out
      types = new LinkedHashMap<>(read.getLayerActivationTypes(true, false, images));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "it takes no images of 3x" + size + "x" + size + ": " + NetworkJson.reason(e), e);
    }
    BroughtNetwork network = new BroughtNetwork(read, types);
    network.tellLossLayer();
    ShapeRules shapes = new ShapeRules(network, said);
    types.keySet().stream()
        .filter(name -> !name.equals(network.input()))
        .forEach(shapes::requireFit);
    rules.requireClasses(classes, types.get(network.output()));
    return network;
  }

  /** DL4J's gives what it reads, and says 0 of how much that is. */
  private void tellLossLayer() {
    if (layer(output()) instanceof LossLayer loss) {
      InputType type = type(inputs(output()).get(0));
      InputType given = before(output()) == null ? type : before(output()).getOutputType(type);
      if (given instanceof InputType.InputTypeFeedForward vector) {
        loss.setNIn(vector.getSize());
        loss.setNOut(vector.getSize());
      }
      types.put(output(), given);
    }
  }

  /** The name of what it reads. */
  String input() {
    return configuration.getNetworkInputs().get(0);
  }

  /** The name of its last layer. */
  public String output() {
    return configuration.getNetworkOutputs().get(0);
  }

  /** All its vertices in the order of the forward pass. */
  List<String> vertices() {
    return types.keySet().stream().filter(name -> !name.equals(input())).toList();
  }

  GraphVertex vertex(String name) {
    return configuration.getVertices().get(name);
  }

  /** The layer of a vertex; null if it has none. */
  Layer layer(String name) {
    return vertex(name) instanceof LayerVertex holder ? holder.getLayerConf().getLayer() : null;
  }

  /** What lies in front of a vertex's layer; null for nothing. */
  InputPreProcessor before(String name) {
    return vertex(name) instanceof LayerVertex holder ? holder.getPreProcessor() : null;
  }

  List<String> inputs(String name) {
    return configuration.getVertexInputs().get(name);
  }

  /** Those that read a vertex. */
  List<String> readers(String name) {
    return vertices().stream().filter(other -> inputs(other).contains(name)).toList();
  }

  InputType type(String name) {
    return types.get(name);
  }

  boolean isMap(String name) {
    return type(name) instanceof InputType.InputTypeConvolutional;
  }

  /** The order of a map's dimensions in the file's network. */
  CNN2DFormat order(String name) {
    return ((InputType.InputTypeConvolutional) type(name)).getFormat();
  }

  /**
   * Refuses places behind which nothing can be dropped.
   *
   * @param after names of vertices
   * @throws IllegalArgumentException if there is no such vertex, or it gives no feature map
   */
  public void requireMaps(Set<String> after) {
    for (String name : after) {
      if (vertex(name) == null) {
        throw new IllegalArgumentException(
            "Cannot drop behind '" + name + "': the network has no such layer");
      }
      if (!isMap(name)) {
        throw new IllegalArgumentException(
            "Cannot drop behind '" + name + "': it gives no feature map, but " + type(name));
      }
    }
  }

  /**
   * The same network, of our layers where its own allow.
   *
   * @param after the places that drop, which must be its maps
   * @param frozen whether batch normalisations keep their moving statistics as they are
   */
  public Conversion conversion(Set<String> after, boolean frozen) {
    requireMaps(after);
    return new Conversion(this, after, frozen);
  }
}
