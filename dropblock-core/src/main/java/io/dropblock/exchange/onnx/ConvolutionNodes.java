package io.dropblock.exchange.onnx;

import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.separable.DepthwiseConvolution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions of maps. */
record ConvolutionNodes(OnnxGraph graph) {

  /** With its ReLU, if it has one. */
  String convolution(
      String name, LeanConvolution layer, Map<String, INDArray> parameters, String from) {
    return layer.relu()
        ? graph.node("Relu", name, List.of(linear(name + "/sums", layer, parameters, from)))
        : linear(name, layer, parameters, from);
  }

  /** With something added before the ReLU. */
  String convolutionSum(
      String name,
      LeanConvolution layer,
      Map<String, INDArray> parameters,
      String from,
      String added) {
    String sums = linear(name + "/sums", layer, parameters, from);
    if (!layer.relu()) {
      return graph.node("Add", name, List.of(sums, added));
    }
    return graph.node(
        "Relu", name, List.of(graph.node("Add", name + "/added", List.of(sums, added))));
  }

  private String linear(
      String name, LeanConvolution layer, Map<String, INDArray> parameters, String from) {
    return graph.node(
        "Conv",
        name,
        inputs(name, parameters, from),
        window(layer, 1).toArray(AttributeProto[]::new));
  }

  /** Parameters {@code W}, and {@code b} if it has a bias. */
  private List<String> inputs(String name, Map<String, INDArray> parameters, String from) {
    INDArray weights = parameters.get("W");
    INDArray bias = parameters.get("b");
    List<String> inputs =
        new ArrayList<>(List.of(from, graph.array(name + "/W", weights, weights.shape())));
    if (bias != null) {
      inputs.add(graph.array(name + "/b", bias, bias.length()));
    }
    return inputs;
  }

  /** One filter a channel. */
  String depthwise(
      String name, DepthwiseConvolution layer, Map<String, INDArray> parameters, String from) {
    String read =
        layer.reluInFront() ? graph.node("Relu", name + "/rectified", List.of(from)) : from;
    // from [height, width, channels, 1]
    INDArray weights = parameters.get("W").permute(2, 3, 0, 1);
    List<String> inputs = List.of(read, graph.array(name + "/W", weights, weights.shape()));
    return graph.node(
        "Conv", name, inputs, window(layer, weights.size(0)).toArray(AttributeProto[]::new));
  }

  private static List<AttributeProto> window(ConvolutionLayer layer, long groups) {
    List<AttributeProto> attributes =
        new ArrayList<>(
            List.of(
                Attributes.numbers("kernel_shape", longs(layer.getKernelSize())),
                Attributes.numbers("strides", longs(layer.getStride())),
                Attributes.number("group", groups)));
    attributes.add(
        padding(
            layer.getConvolutionMode(),
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding()));
    return attributes;
  }

  /**
   * Padding as DL4J has it. SAME with a stride depends on the size of the maps, which is not known
   * here, and is left to who runs the model.
   */
  static AttributeProto padding(ConvolutionMode mode, int[] kernel, int[] stride, int[] padding) {
    if (mode != ConvolutionMode.Same) {
      return Attributes.numbers("pads", padding[0], padding[1], padding[0], padding[1]);
    }
    if (stride[0] == 1 && stride[1] == 1) {
      return Attributes.numbers(
          "pads", (kernel[0] - 1) / 2, (kernel[1] - 1) / 2, kernel[0] / 2, kernel[1] / 2);
    }
    return Attributes.text("auto_pad", "SAME_UPPER");
  }

  static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }
}
