package io.dropblock.exchange.onnx;

import java.util.List;
import java.util.Optional;

/**
 * What a model reads: {@code images}, {@code [N, 3, height, width]}, for any N.
 *
 * @param side of the square images that the network was made for
 * @param anySize whether the model takes other heights and widths, too
 * @param normalization what to do to pixels of 0 to 255; empty where that is done before
 */
public record OnnxInput(int side, boolean anySize, Optional<Normalization> normalization) {
  static final String NAME = "images";

  /**
   * How pixels become what the network reads: {@code (pixel - mean) / std}.
   *
   * @param mean of red, green and blue
   * @param std likewise
   */
  public record Normalization(List<Float> mean, List<Float> std) {}

  /** The same, of the size that the network was made for alone. */
  OnnxInput ofOneSize() {
    return new OnnxInput(side, false, normalization);
  }

  /** Adds it to a graph; what the network reads. */
  String addTo(OnnxGraph graph) {
    Object height = anySize ? "height" : Integer.valueOf(side);
    Object width = anySize ? "width" : Integer.valueOf(side);
    graph.input(NAME, "N", 3, height, width);
    if (normalization.isEmpty()) {
      return NAME;
    }
    String mean = graph.floats("pixels/mean", floats(normalization.get().mean()), 1, 3, 1, 1);
    String std = graph.floats("pixels/std", floats(normalization.get().std()), 1, 3, 1, 1);
    String centred = graph.node("Sub", "pixels/centred", List.of(NAME, mean));
    return graph.node("Div", "pixels/normalized", List.of(centred, std));
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
