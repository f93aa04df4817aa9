package io.dropblock.bench.trace;

import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Arrays of a network by {@code <vertex>/<parameter>}: {@code group3/block0/conv1/W}. */
final class NamedArrays {
  private NamedArrays() {}

  /** Visits all parameters, moving statistics too. */
  static void parameters(ComputationGraph network, BiConsumer<String, INDArray> visitor) {
    for (GraphVertex vertex : network.getVertices()) {
      vertex
          .paramTable(false)
          .forEach((key, values) -> visitor.accept(vertex.getVertexName() + "/" + key, values));
    }
  }

  /**
   * Visits the gradients of what is trained, as they were computed last, of a batch's mean loss.
   * DL4J's are sums over the images.
   */
  static void gradients(ComputationGraph network, int batch, BiConsumer<String, INDArray> visitor) {
    Map<String, INDArray> all = network.gradient().gradientForVariable();
    for (GraphVertex vertex : network.getVertices()) {
      for (String key : vertex.paramTable(false).keySet()) {
        String name = vertex.getVertexName() + "/" + key;
        if (!isStatistic(name)) {
          visitor.accept(name, all.get(vertex.getVertexName() + "_" + key).div(batch));
        }
      }
    }
  }

  /**
   * Puts a fresh network where it could be after some training: what starts at 0 or 1 hides errors.
   * Kernels stay as drawn, and biases around what they start at. A scale that starts at 0, which
   * silences a residual branch, becomes a small one.
   */
  static void stir(ComputationGraph network) {
    Nd4j.getRandom().setSeed(TraceSettings.SEED);
    parameters(
        network,
        (name, values) -> {
          switch (key(name)) {
            case "W" -> {}
            case "gamma" ->
                values.assign(
                    uniform(values)
                        .addi(0.5)
                        .muli(values.maxNumber().doubleValue() == 0 ? 0.2 : 1));
            case "var" -> values.assign(uniform(values).addi(0.5));
            case "b", "beta", "mean" -> values.addi(uniform(values).subi(0.5).muli(0.2));
            case "log10stdev" ->
                values.assign(Transforms.log(uniform(values).addi(0.5)).divi(2 * Math.log(10)));
            default ->
                throw new IllegalStateException(
                    String.format(Locale.ROOT, "Cannot stir parameter '%s': it is unknown", name));
          }
        });
  }

  private static INDArray uniform(INDArray like) {
    return Nd4j.rand(like.dataType(), like.shape());
  }

  private static boolean isStatistic(String name) {
    return switch (key(name)) {
      case "mean", "var", "log10stdev" -> true;
      default -> false;
    };
  }

  private static String key(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
