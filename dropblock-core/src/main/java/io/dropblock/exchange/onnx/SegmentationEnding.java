package io.dropblock.exchange.onnx;

import java.util.List;

/**
 * {@code logits}, {@code [N, classes, rows, columns]}, of one pixel for several of the image, and
 * {@code labels}, {@code [N, height, width]}: the class of each pixel of the image, of the logits
 * made larger by bilinear interpolation with aligned corners.
 *
 * @param classes how many
 */
public record SegmentationEnding(int classes) implements OnnxEnding {

  @Override
  public boolean takesAnySize() {
    return true;
  }

  @Override
  public void addTo(OnnxGraph graph, List<String> outputs) {
    graph.node("Identity", "logits", outputs);
    String large =
        new PyramidNodes(graph).resized("labels/resized", outputs.get(0), OnnxInput.NAME);
    graph.node(
        "ArgMax",
        "labels",
        List.of(large),
        Attributes.number("axis", 1),
        Attributes.number("keepdims", 0));
    graph.output("logits", "N", classes, "rows", "columns");
    graph.integerOutput("labels", "N", "height", "width");
  }
}
