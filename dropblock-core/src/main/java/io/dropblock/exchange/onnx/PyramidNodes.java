package io.dropblock.exchange.onnx;

import io.dropblock.nn.pyramid.LevelNet;
import io.dropblock.nn.pyramid.LevelSettings;
import io.dropblock.nn.pyramid.UpsampleSum;
import io.dropblock.nn.pyramid.Upsampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a feature pyramid and the nets over it consist of. */
record PyramidNodes(OnnxGraph graph) {

  /** The coarser level, upsampled, and the finer one. */
  String upsampleSum(String name, UpsampleSum vertex, String coarse, String fine) {
    String larger =
        vertex.by() == Upsampling.NEAREST
            ? doubled(name + "/doubled", coarse)
            : resized(name + "/resized", coarse, fine);
    return graph.node("Add", name, List.of(larger, fine));
  }

  private String doubled(String name, String from) {
    String scales = graph.floats("twice", new float[] {1, 1, 2, 2}, 4);
    return graph.node(
        "Resize",
        name,
        List.of(from, "", scales),
        Attributes.text("mode", "nearest"),
        Attributes.text("coordinate_transformation_mode", "asymmetric"),
        Attributes.text("nearest_mode", "floor"));
  }

  /** Bilinear with aligned corners, to the size of other maps. */
  String resized(String name, String from, String like) {
    String kept = shape(name + "/kept", from, 0, 2);
    String sides = shape(name + "/sides", like, 2, 4);
    String sizes =
        graph.node("Concat", name + "/sizes", List.of(kept, sides), Attributes.number("axis", 0));
    return graph.node(
        "Resize",
        name,
        List.of(from, "", "", sizes),
        Attributes.text("mode", "linear"),
        Attributes.text("coordinate_transformation_mode", "align_corners"));
  }

  private String shape(String name, String of, int start, int end) {
    return graph.node(
        "Shape",
        name,
        List.of(of),
        Attributes.number("start", start),
        Attributes.number("end", end));
  }

  /** The same weights on each level; the levels' normalisations stay apart from them. */
  String levels(String name, LevelNet net, Map<String, INDArray> parameters, List<String> inputs) {
    List<String> outputs = new ArrayList<>();
    for (int level = 0; level < inputs.size(); level++) {
      outputs.add(level(name, net.settings(), parameters, level, inputs.get(level)));
    }
    return switch (net.settings().output()) {
      case SUM -> sum(name, outputs);
      case POSITIONS -> positions(name, net.settings().outputs(), outputs);
    };
  }

  private String level(
      String name,
      LevelSettings settings,
      Map<String, INDArray> parameters,
      int level,
      String from) {
    String last = from;
    String at = name + "/level" + level + "/";
    for (int number = 0; number < settings.convolutions(); number++) {
      String conv = "conv" + number;
      last = convolution(name, conv, at + conv, parameters, last);
      String norm = conv + "/level" + level + "/";
      last =
          new NormNodes(graph)
              .norm(
                  at + "bn" + number,
                  new NormNodes.Statistics(
                      parameters.get(norm + "gamma"),
                      parameters.get(norm + "beta"),
                      parameters.get(norm + "mean"),
                      parameters.get(norm + "var"),
                      settings.epsilon()),
                  true,
                  last);
    }
    return convolution(name, "last", at + "last", parameters, last);
  }

  private String convolution(
      String net, String id, String output, Map<String, INDArray> parameters, String from) {
    INDArray weights = parameters.get(id + "/W");
    INDArray bias = parameters.get(id + "/b");
    String shared = net + "/" + id;
    List<String> inputs =
        new ArrayList<>(List.of(from, graph.array(shared + "/W", weights, weights.shape())));
    if (bias != null) {
      inputs.add(graph.array(shared + "/b", bias, bias.length()));
    }
    return graph.node(
        "Conv",
        output,
        inputs,
        Attributes.numbers("kernel_shape", weights.size(2), weights.size(3)),
        Attributes.numbers("pads", 1, 1, 1, 1));
  }

  private String sum(String name, List<String> levels) {
    String sum = levels.get(0);
    for (int level = 1; level < levels.size(); level++) {
      String larger = resized(name + "/resized" + level, levels.get(level), levels.get(0));
      sum = graph.node("Add", name + "/sum" + level, List.of(sum, larger));
    }
    return sum;
  }

  /** All positions in a row, {@code [n, positions, outputs]}. */
  private String positions(String name, int outputs, List<String> levels) {
    String shape = graph.integers(name + "/positions", 0, -1, outputs);
    List<String> rows = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      String last =
          graph.node(
              "Transpose",
              name + "/last" + level,
              List.of(levels.get(level)),
              Attributes.numbers("perm", 0, 2, 3, 1));
      rows.add(graph.node("Reshape", name + "/row" + level, List.of(last, shape)));
    }
    return graph.node("Concat", name, rows, Attributes.number("axis", 1));
  }
}
