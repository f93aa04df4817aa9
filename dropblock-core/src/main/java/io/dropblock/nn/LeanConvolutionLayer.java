package io.dropblock.nn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running layer. */
final class LeanConvolutionLayer extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  /** The gradient at the output, of the output's shape, while a backward pass runs. */
  private transient INDArray upper;

  LeanConvolutionLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    upper = epsilon;
    try {
      return super.backpropGradient(epsilon, workspaces);
    } finally {
      upper = null;
    }
  }

  /**
   * On the way back DL4J asks for the output, only to hand it to the activation function, and the
   * identity looks at nothing but its shape. Without a helper, DL4J's plain path needs the columns
   * that come with the output.
   */
  @Override
  protected Pair<INDArray, INDArray> preOutput4d(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    boolean helped =
        helper != null
            && helperCountFail == 0
            && dataType == DataType.FLOAT
            && layerConf().getCnn2dDataFormat() == CNN2DFormat.NCHW;
    return forBackprop && helped
        ? new Pair<>(upper, null)
        : super.preOutput4d(training, forBackprop, workspaces);
  }
}
