package io.dropblock.brought;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** Whether each layer takes what it gets, which DL4J asks only when the network runs. */
final class ShapeRules {
  private final BroughtNetwork network;
  private final Map<String, Long> said;

  /**
   * @param said {@link #inputs} of the network as the file has it
   */
  ShapeRules(BroughtNetwork network, Map<String, Long> said) {
    this.network = network;
    this.said = said;
  }

  /**
   * How many channels or features each layer with parameters says that it takes, 0 for nothing
   * said. DL4J forgets it where it gets an input type: a convolution of grey images becomes one of
   * colours.
   */
  static Map<String, Long> inputs(ComputationGraphConfiguration read) {
    Map<String, Long> inputs = new HashMap<>();
    read.getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex holder
                  && holder.getLayerConf().getLayer() instanceof FeedForwardLayer sums) {
                boolean norm = sums instanceof BatchNormalization;
                inputs.put(name, norm ? sums.getNOut() : sums.getNIn());
              }
            });
    return inputs;
  }

  void requireFit(String name) {
    if (network.isMap(name)) {
      requireSides(name);
    }
    if (network.vertex(name) instanceof MergeVertex merge) {
      requireChannels(name, merge);
    }
    if (!(network.vertex(name) instanceof LayerVertex)) {
      return;
    }
    InputType before = network.type(network.inputs(name).get(0));
    if (network.before(name) instanceof CnnToFeedForwardPreProcessor flat) {
      requireFlat(name, flat, before);
      before = flat.getOutputType(before);
    }
    Layer layer = network.layer(name);
    if (layer instanceof FeedForwardLayer && layer.initializer().numParams(layer) > 0) {
      long needed = said.get(name);
      long given = channels(before);
      if (needed > 0 && needed != given) {
        throw new IllegalArgumentException(
            "layer '"
                + name
                + "' takes "
                + needed
                + " channels or features and gets "
                + given
                + " for images of this size (data.size, data.evaluation_size)");
      }
    }
    if (layer instanceof GlobalPoolingLayer pool
        && before instanceof InputType.InputTypeConvolutional maps
        && maps.getFormat() == CNN2DFormat.NHWC
        && pool.getPoolingDimensions() == null) {
      throw new IllegalArgumentException(
          "layer '"
              + name
              + "' pools maps whose channels are last: tell it poolingDimensions(1, 2)");
    }
  }

  private void requireSides(String name) {
    var map = (InputType.InputTypeConvolutional) network.type(name);
    if (map.getHeight() < 1 || map.getWidth() < 1 || map.getChannels() < 1) {
      throw new IllegalArgumentException("layer '" + name + "' gives empty maps: " + map);
    }
  }

  private void requireChannels(String name, MergeVertex merge) {
    int axis = network.isMap(name) && network.order(name) == CNN2DFormat.NHWC ? 3 : 1;
    if (merge.getMergeAxis() != axis) {
      throw new IllegalArgumentException(
          "vertex '"
              + name
              + "' merges along axis "
              + merge.getMergeAxis()
              + ": this program merges channels, axis "
              + axis);
    }
  }

  private static void requireFlat(String name, CnnToFeedForwardPreProcessor flat, InputType type) {
    boolean fits =
        type instanceof InputType.InputTypeConvolutional map
            && map.getFormat() == flat.getFormat()
            && map.getHeight() == flat.getInputHeight()
            && map.getWidth() == flat.getInputWidth()
            && map.getChannels() == flat.getNumChannels();
    boolean open =
        flat.getInputHeight() == 0 && flat.getInputWidth() == 0 && flat.getNumChannels() == 0;
    if (!fits && !open) {
      throw new IllegalArgumentException(
          "layer '"
              + name
              + "' flattens maps of "
              + flat.getNumChannels()
              + "x"
              + flat.getInputHeight()
              + "x"
              + flat.getInputWidth()
              + " "
              + flat.getFormat()
              + " and gets "
              + type
              + " for images of this size (data.size, data.evaluation_size)");
    }
  }

  private static long channels(InputType type) {
    return type instanceof InputType.InputTypeConvolutional map
        ? map.getChannels()
        : ((InputType.InputTypeFeedForward) type).getSize();
  }
}
