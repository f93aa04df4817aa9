package io.dropblock.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link LeanConvolution} that reads two arrays: what it convolves, and what is added to that
 * before the ReLU. What {@link FoldedNetwork} puts in the place of a convolution and the {@link
 * ResidualSum} behind it; for inference only.
 */
public final class ConvolutionSum extends LayerVertex {
  private static final long serialVersionUID = 1L;

  /** For JSON. */
  public ConvolutionSum() {}

  /** The sum behind the convolution of a vertex, which is to have its ReLU already. */
  ConvolutionSum(LayerVertex convolution) {
    super(convolution.getLayerConf(), convolution.getPreProcessor());
  }

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public int maxVertexInputs() {
    return 2;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    var layer =
        getLayerConf()
            .getLayer()
            .instantiate(getLayerConf(), null, index, parameters, initializeParameters, dataType);
    return new ConvolutionSumVertex(
        graph, name, index, (LeanConvolutionLayer) layer, getPreProcessor(), dataType);
  }

  @Override
  public GraphVertex clone() {
    return new ConvolutionSum((LayerVertex) super.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConvolutionSum && super.equals(other);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + 1;
  }
}
