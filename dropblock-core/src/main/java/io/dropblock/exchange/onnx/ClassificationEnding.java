package io.dropblock.exchange.onnx;

import java.util.List;

/**
 * {@code logits} and {@code probabilities}, {@code [N, classes]}.
 *
 * @param classes how many
 */
public record ClassificationEnding(int classes) implements OnnxEnding {

  @Override
  public boolean takesAnySize() {
    return true;
  }

  @Override
  public void addTo(OnnxGraph graph, List<String> outputs) {
    graph.node("Identity", "logits", outputs);
    graph.node("Softmax", "probabilities", outputs, Attributes.number("axis", 1));
    graph.output("logits", "N", classes);
    graph.output("probabilities", "N", classes);
  }
}
