package io.dropblock.exchange.onnx;

import io.dropblock.detection.Anchors;
import io.dropblock.detection.DetectionSettings;
import java.util.List;
import java.util.Optional;

/**
 * {@code boxes}, {@code [N, anchors, 4]}, top, left, bottom and right in pixels of the image, cut
 * off at its edges, and {@code scores}, {@code [N, anchors, classes]}, 0 to 1. With suppression
 * also {@code selected}, {@code [found, 3]}: image, class and anchor of each object.
 *
 * @param anchors of all levels
 * @param classes how many
 * @param side of the square image
 * @param suppression overlap, least score and most objects of a class; empty for none
 */
public record DetectionEnding(
    Anchors anchors, int classes, int side, Optional<DetectionSettings> suppression)
    implements OnnxEnding {

  /** The anchors are those of one size. */
  @Override
  public boolean takesAnySize() {
    return false;
  }

  @Override
  public void addTo(OnnxGraph graph, List<String> outputs) {
    int count = anchors.count();
    String logits = reshaped(graph, "scores/logits", outputs.get(0), classes);
    graph.node("Sigmoid", "scores", List.of(logits));
    boxes(graph, reshaped(graph, "boxes/codes", outputs.get(1), 4));
    graph.output("boxes", "N", count, 4);
    graph.output("scores", "N", count, classes);
    suppression.ifPresent(settings -> suppress(graph, settings));
  }

  private String reshaped(OnnxGraph graph, String name, String from, int numbers) {
    String shape = graph.integers(name + "/shape", 0, anchors.count(), numbers);
    return graph.node("Reshape", name, List.of(from, shape));
  }

  /** How far the centre is in sides of the anchor, and the logarithm of each side over its own. */
  private void boxes(OnnxGraph graph, String codes) {
    int count = anchors.count();
    float[] sides = new float[2 * count];
    float[] centres = new float[2 * count];
    for (int anchor = 0; anchor < count; anchor++) {
      for (int axis = 0; axis < 2; axis++) {
        float from = anchors.boxes()[4 * anchor + axis];
        float to = anchors.boxes()[4 * anchor + 2 + axis];
        sides[2 * anchor + axis] = to - from;
        centres[2 * anchor + axis] = (from + to) / 2;
      }
    }
    String side = graph.floats("anchors/sides", sides, 1, count, 2);
    String centre = graph.floats("anchors/centres", centres, 1, count, 2);
    String half = graph.floats("half", new float[] {.5f}, 1);
    String zero = zero(graph);
    String end = graph.floats("image/side", new float[] {this.side}, 1);
    String moved = slice(graph, "boxes/moved", codes, 0);
    String grown = slice(graph, "boxes/grown", codes, 2);
    String middle =
        graph.node(
            "Add",
            "boxes/middle",
            List.of(graph.node("Mul", "boxes/move", List.of(moved, side)), centre));
    String reach =
        graph.node(
            "Mul",
            "boxes/reach",
            List.of(
                graph.node(
                    "Mul",
                    "boxes/sides",
                    List.of(graph.node("Exp", "boxes/growth", List.of(grown)), side)),
                half));
    String low = graph.node("Sub", "boxes/low", List.of(middle, reach));
    String high = graph.node("Add", "boxes/high", List.of(middle, reach));
    graph.node(
        "Concat",
        "boxes",
        List.of(cut(graph, low, zero, end), cut(graph, high, zero, end)),
        Attributes.number("axis", 2));
  }

  private static String zero(OnnxGraph graph) {
    return graph.floats("zero", new float[] {0}, 1);
  }

  private static String slice(OnnxGraph graph, String name, String from, int begin) {
    return graph.node(
        "Slice",
        name,
        List.of(
            from,
            graph.integers("at" + begin, begin),
            graph.integers("at" + (begin + 2), begin + 2),
            graph.integers("of-codes", 2)));
  }

  private static String cut(OnnxGraph graph, String value, String zero, String end) {
    String above = graph.node("Max", value + "/above", List.of(value, zero));
    return graph.node("Min", value + "/within", List.of(above, end));
  }

  /**
   * As the reference does: sides a pixel longer. Boxes without area are never selected, as their
   * scores are 0 here.
   */
  private void suppress(OnnxGraph graph, DetectionSettings settings) {
    String pixel = graph.floats("pixel", new float[] {0, 0, 1, 1}, 1, 1, 4);
    String longer = graph.node("Add", "selected/boxes", List.of("boxes", pixel));
    String low = slice(graph, "selected/low", "boxes", 0);
    String high = slice(graph, "selected/high", "boxes", 2);
    String sides = graph.node("Sub", "selected/sides", List.of(high, low));
    String least =
        graph.node(
            "ReduceMin",
            "selected/least",
            List.of(sides),
            Attributes.numbers("axes", 2),
            Attributes.number("keepdims", 1));
    String there = graph.node("Greater", "selected/there", List.of(least, zero(graph)));
    String counted = graph.node("Where", "selected/scores", List.of(there, "scores", zero(graph)));
    String byClass =
        graph.node(
            "Transpose",
            "selected/by-class",
            List.of(counted),
            Attributes.numbers("perm", 0, 2, 1));
    graph.node(
        "NonMaxSuppression",
        "selected",
        List.of(
            longer,
            byClass,
            graph.integers("selected/most", settings.most()),
            graph.floats("selected/overlap", new float[] {(float) settings.overlap()}, 1),
            graph.floats("selected/threshold", new float[] {(float) settings.least()}, 1)));
    graph.integerOutput("selected", "found", 3);
  }
}
