package io.dropblock.exchange.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Pooling of maps. */
record PoolNodes(OnnxGraph graph) {

  /** Whether nodes do this pooling: largest or mean, the mean over the pixels that are there. */
  static boolean does(SubsamplingLayer pool) {
    return isDense(pool.getDilation())
        && !pool.isAvgPoolIncludePadInDivisor()
        && Set.of(PoolingType.MAX, PoolingType.AVG).contains(pool.getPoolingType());
  }

  /** Whether nodes do this pooling: over whole maps, to vectors. */
  static boolean does(GlobalPoolingLayer pool) {
    return pool.isCollapseDimensions()
        && Set.of(PoolingType.MAX, PoolingType.AVG).contains(pool.getPoolingType());
  }

  static boolean isDense(int[] dilation) {
    return dilation == null || Arrays.stream(dilation).allMatch(step -> step == 1);
  }

  String pool(String name, SubsamplingLayer pool, String from) {
    var kernel = Attributes.numbers("kernel_shape", ConvolutionNodes.longs(pool.getKernelSize()));
    var stride = Attributes.numbers("strides", ConvolutionNodes.longs(pool.getStride()));
    var padding =
        ConvolutionNodes.padding(
            pool.getConvolutionMode(), pool.getKernelSize(), pool.getStride(), pool.getPadding());
    if (pool.getPoolingType() == PoolingType.MAX) {
      return graph.node("MaxPool", name, List.of(from), kernel, stride, padding);
    }
    var divisor = Attributes.number("count_include_pad", 0);
    return graph.node("AveragePool", name, List.of(from), kernel, stride, padding, divisor);
  }

  String global(String name, GlobalPoolingLayer pool, String from) {
    String kind = pool.getPoolingType() == PoolingType.MAX ? "GlobalMaxPool" : "GlobalAveragePool";
    String pooled = graph.node(kind, name + "/pooled", List.of(from));
    return graph.node("Flatten", name, List.of(pooled), Attributes.number("axis", 1));
  }
}
