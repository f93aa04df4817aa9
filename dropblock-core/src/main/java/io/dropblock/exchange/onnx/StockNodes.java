package io.dropblock.exchange.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's own layers behind the maps of a network, and its activation functions. */
record StockNodes(OnnxGraph graph) {

  /** Maps as vectors, in the order that the weights behind them are in. */
  String flat(String name, CnnToFeedForwardPreProcessor flat, String maps) {
    String ordered =
        flat.getFormat() == CNN2DFormat.NHWC
            ? graph.node(
                "Transpose",
                name + "/channels-last",
                List.of(maps),
                Attributes.numbers("perm", 0, 2, 3, 1))
            : maps;
    return graph.node("Flatten", name, List.of(ordered), Attributes.number("axis", 1));
  }

  /**
   * A dense layer and its activation function.
   *
   * @throws IllegalArgumentException as the end of a sentence, if no node does it
   */
  String dense(String name, DenseLayer layer, Map<String, INDArray> parameters, String from) {
    if (layer.isHasLayerNorm()) {
      throw new IllegalArgumentException(
          "its layer " + name + " has layer normalisation, for which ONNX export knows no node");
    }
    return activation(name, layer.getActivationFn(), sums(name + "/sums", name, parameters, from));
  }

  /** Sums of parameters {@code W} and, where there is one, {@code b}, without an activation. */
  String sums(String output, String layer, Map<String, INDArray> parameters, String from) {
    INDArray weights = parameters.get("W");
    INDArray bias = parameters.get("b");
    List<String> read = new ArrayList<>();
    read.add(from);
    read.add(graph.array(layer + "/W", weights, weights.shape()));
    if (bias != null) {
      read.add(graph.array(layer + "/b", bias, bias.length()));
    }
    return graph.node("Gemm", output, read);
  }

  /**
   * An activation function.
   *
   * @throws IllegalArgumentException as the end of a sentence, if no node does it
   */
  String activation(String name, IActivation function, String from) {
    List<String> read = List.of(from);
    if (function instanceof ActivationIdentity) {
      return graph.node("Identity", name, read);
    }
    if (function instanceof ActivationReLU relu && isPlain(relu)) {
      return graph.node("Relu", name, read);
    }
    if (function instanceof ActivationTanH) {
      return graph.node("Tanh", name, read);
    }
    if (function instanceof ActivationSigmoid) {
      return graph.node("Sigmoid", name, read);
    }
    if (function instanceof ActivationELU elu) {
      return graph.node("Elu", name, read, Attributes.real("alpha", elu.getAlpha()));
    }
    if (function instanceof ActivationLReLU leaky) {
      return graph.node("LeakyRelu", name, read, Attributes.real("alpha", leaky.getAlpha()));
    }
    if (function instanceof ActivationSELU) {
      return graph.node("Selu", name, read);
    }
    if (function instanceof ActivationSoftPlus) {
      return graph.node("Softplus", name, read);
    }
    if (function instanceof ActivationSoftSign) {
      return graph.node("Softsign", name, read);
    }
    if (function instanceof ActivationHardSigmoid) {
      return graph.node("HardSigmoid", name, read);
    }
    if (function instanceof ActivationSwish) {
      return graph.node("Mul", name, List.of(from, graph.node("Sigmoid", name + "/gate", read)));
    }
    if (function instanceof ActivationSoftmax) {
      return graph.node("Softmax", name, read, Attributes.number("axis", 1));
    }
    throw new IllegalArgumentException(
        "its layer "
            + name
            + " has the activation function "
            + function
            + ", for which ONNX export knows no node");
  }

  private static boolean isPlain(ActivationReLU relu) {
    return relu.getMax() == null && isZero(relu.getThreshold()) && isZero(relu.getNegativeSlope());
  }

  private static boolean isZero(Double number) {
    return number == null || number == 0;
  }
}
