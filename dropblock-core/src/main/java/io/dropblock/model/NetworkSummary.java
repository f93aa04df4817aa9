package io.dropblock.model;

import io.dropblock.nn.DropBlock;
import io.dropblock.nn.DropPath;
import io.dropblock.nn.pyramid.LevelNet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * What a network holds and what one image costs, read from the configuration alone: no parameter is
 * allocated.
 *
 * <p>Trainable parameters are those an updater moves. DL4J's own {@code numParams} also counts the
 * moving mean and variance of batch normalisations; here they are apart, as everywhere else in the
 * literature.
 *
 * @param layers every vertex but the inputs, in the order of the forward pass
 * @param dropBlocks the sites among them that drop activations by the scheduled keep probability,
 *     of any kind, in the same order; dropout before a classifier's last layer has its own
 */
public record NetworkSummary(List<LayerSummary> layers, List<DropBlockSummary> dropBlocks) {

  /** Copies the lists. */
  public NetworkSummary {
    layers = List.copyOf(layers);
    dropBlocks = List.copyOf(dropBlocks);
  }

  /**
   * Summarises a network with one image input.
   *
   * @param image the input's shape, need not be that of training; shapes and multiply-adds follow
   *     it
   */
  public static NetworkSummary of(ComputationGraphConfiguration network, MapShape image) {
    if (network.getNetworkInputs().size() != 1) {
      throw new IllegalArgumentException(
          "Cannot summarise network: it has the inputs " + network.getNetworkInputs());
    }
    // A copy, because DL4J's shape inference writes into the configuration that it reads.
    ComputationGraphConfiguration copy = network.clone();
    Map<String, InputType> outputs = copy.getLayerActivationTypes(image.inputType());
    List<LayerSummary> layers = new ArrayList<>();
    List<DropBlockSummary> dropBlocks = new ArrayList<>();
    outputs.forEach(
        (name, type) -> {
          GraphVertex vertex = copy.getVertices().get(name);
          MapShape output = MapShape.of(type);
          if (vertex instanceof LayerVertex holder) {
            var layer = holder.getLayerConf().getLayer();
            layers.add(LayerSummary.of(name, layer, output));
            if (layer instanceof DropBlock dropBlock) {
              dropBlocks.add(DropBlockSummary.of(name, dropBlock, output));
            }
          } else if (vertex != null) {
            InputType[] inputs =
                copy.getVertexInputs().get(name).stream()
                    .map(outputs::get)
                    .toArray(InputType[]::new);
            layers.add(LayerSummary.of(name, vertex, output, inputs));
            if (vertex instanceof DropPath dropPath) {
              dropBlocks.add(DropBlockSummary.of(name, dropPath, output));
            } else if (vertex instanceof LevelNet net) {
              dropBlocks.addAll(DropBlockSummary.of(name, net, inputs));
            }
          }
        });
    return new NetworkSummary(layers, dropBlocks);
  }

  /**
   * The part whose names begin with {@code prefix}: {@code group3/} is the third group, {@code
   * stem/} the stem.
   */
  public NetworkSummary within(String prefix) {
    return new NetworkSummary(
        layers.stream().filter(layer -> layer.name().startsWith(prefix)).toList(),
        dropBlocks.stream().filter(site -> site.name().startsWith(prefix)).toList());
  }

  /** The second classifier that some networks have in training only; empty if there is none. */
  public NetworkSummary auxiliary() {
    return within(Auxiliary.AT);
  }

  /** Number of parameters that an updater moves. */
  public long trainableParameters() {
    return sum(LayerSummary::trainableParameters);
  }

  /** Number of moving means and variances. */
  public long movingStatistics() {
    return sum(LayerSummary::movingStatistics);
  }

  /** Multiply-adds of the convolutions and dense layers for one image forward. */
  public long multiplyAdds() {
    return sum(LayerSummary::multiplyAdds);
  }

  /** Elements for one image that a training step keeps from the forward pass, at most. */
  public long activations() {
    return sum(LayerSummary::activations);
  }

  private long sum(ToLongFunction<LayerSummary> count) {
    return layers.stream().mapToLong(count).sum();
  }
}
