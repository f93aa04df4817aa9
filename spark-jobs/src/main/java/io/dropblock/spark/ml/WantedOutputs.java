package io.dropblock.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wanted of a network for each image. Plain data, which the driver sends to the tasks.
 *
 * @param ownOutputs names of the network's outputs, as it was trained
 * @param predictions whether what it says of an image is wanted
 * @param layer whose activations are wanted; null for none
 * @param last whether nothing but the network's one output reads that layer
 * @param batch images that go through it together
 */
record WantedOutputs(
    List<String> ownOutputs, boolean predictions, String layer, boolean last, int batch)
    implements Serializable {

  /**
   * The vertices that are put out in each pass through the network, those of predictions first. An
   * inner layer gets a pass of its own through a network that ends with it: DL4J loses count of its
   * workspaces where one is put out on the way to another ({@code
   * ComputationGraph.outputOfLayersDetached}).
   */
  List<List<String>> passes() {
    List<List<String>> passes = new ArrayList<>();
    if (predictions) {
      passes.add(isLayerBeside() ? with(layer) : ownOutputs);
    }
    if (layer != null && !(predictions && (isLayerBeside() || ownOutputs.contains(layer)))) {
      passes.add(List.of(layer));
    }
    return passes;
  }

  private List<String> with(String more) {
    List<String> outputs = new ArrayList<>(ownOutputs);
    outputs.add(more);
    return outputs;
  }

  /** Whether the layer comes behind the outputs, in the pass of the predictions. */
  boolean isLayerBeside() {
    return predictions && layer != null && last && !ownOutputs.contains(layer);
  }
}
