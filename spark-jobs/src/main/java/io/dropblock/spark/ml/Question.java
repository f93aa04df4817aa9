package io.dropblock.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network is asked about images. Plain data, which the driver sends to the tasks.
 *
 * @param ownOutputs names of the network's outputs, as it was trained
 * @param predictions whether what it says of an image is wanted
 * @param layer whose activations are wanted; null for none
 * @param batch images that go through it together
 */
record Question(List<String> ownOutputs, boolean predictions, String layer, int batch)
    implements Serializable {

  /** The vertices that the network puts out: no more than is wanted. */
  List<String> outputs() {
    List<String> outputs = new ArrayList<>(predictions ? ownOutputs : List.of());
    if (isLayerAdded()) {
      outputs.add(layer);
    }
    return outputs;
  }

  /** Whether the layer comes behind the network's outputs. */
  boolean isLayerAdded() {
    return layer != null && !(predictions && ownOutputs.contains(layer));
  }
}
