package io.dropblock.exchange.onnx;

import java.util.List;

/** What a model makes of a network's logits. */
public interface OnnxEnding {

  /** Whether images may have another size than those of the training. */
  boolean takesAnySize();

  /**
   * Adds nodes and says what comes out.
   *
   * @param outputs of the network, before their activation functions
   */
  void addTo(OnnxGraph graph, List<String> outputs);
}
