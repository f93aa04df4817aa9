package io.dropblock.exchange.onnx;

import io.dropblock.nn.BatchNorm;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Batch normalisation by the moving statistics. */
record NormNodes(OnnxGraph graph) {

  /** With its ReLU, if it has one. */
  String norm(String name, BatchNorm layer, Map<String, INDArray> parameters, String from) {
    INDArray logarithms = parameters.get("log10stdev");
    INDArray variance =
        logarithms == null
            ? parameters.get("var")
            : Transforms.exp(logarithms.mul(2 * Math.log(10)), true);
    return norm(
        name,
        new Statistics(
            parameters.get("gamma"),
            parameters.get("beta"),
            parameters.get("mean"),
            variance,
            layer.getEps()),
        layer.relu(),
        from);
  }

  /** What a normalisation works by. */
  record Statistics(
      INDArray gamma, INDArray beta, INDArray mean, INDArray variance, double epsilon) {}

  String norm(String name, Statistics of, boolean relu, String from) {
    long channels = of.gamma().length();
    String last =
        graph.node(
            "BatchNormalization",
            relu ? name + "/normalized" : name,
            List.of(
                from,
                graph.array(name + "/gamma", of.gamma(), channels),
                graph.array(name + "/beta", of.beta(), channels),
                graph.array(name + "/mean", of.mean(), channels),
                graph.array(name + "/variance", of.variance(), channels)),
            Attributes.real("epsilon", of.epsilon()));
    return relu ? graph.node("Relu", name, List.of(last)) : last;
  }
}
