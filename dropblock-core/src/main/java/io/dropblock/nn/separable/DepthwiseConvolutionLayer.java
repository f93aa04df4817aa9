package io.dropblock.nn.separable;

import io.dropblock.cpu.DepthwiseLoops;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.DepthwiseConvolution2DLayer;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The running layer. By definition DL4J's, behind a ReLU if there is one. */
final class DepthwiseConvolutionLayer extends DepthwiseConvolution2DLayer {
  private static final long serialVersionUID = 1L;

  private static final String WEIGHTS = DepthwiseConvolutionParamInitializer.WEIGHT_KEY;
  private static final int[] ONES = {1, 1};

  DepthwiseConvolutionLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray weights = getParam(WEIGHTS);
    if (!DepthwiseLoops.take(input, weights) || !isWithinLoops()) {
      return define(() -> super.activate(training, workspaces));
    }
    int[] size = outputSize();
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            DataType.FLOAT,
            new long[] {input.size(0), size[0], size[1], input.size(3)},
            'c');
    loops(size).forward(input, weights, output);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray weights = getParam(WEIGHTS);
    INDArray dWeights = gradientViews.get(WEIGHTS);
    if (!DepthwiseLoops.take(input, weights, dWeights) || !isWithinLoops()) {
      var gradients = define(() -> super.backpropGradient(epsilon, workspaces));
      if (configuration().reluInFront()) {
        gradients.getSecond().muli(input.gt(0).castTo(input.dataType()));
      }
      return gradients;
    }
    INDArray above = DepthwiseLoops.take(epsilon) ? epsilon : epsilon.dup('c');
    INDArray below =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c');
    loops(sides(above)).backward(input, weights, above, Optional.of(below), dWeights);
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(WEIGHTS, dWeights);
    return new Pair<>(gradient, below);
  }

  /** What DL4J does, of the input behind the ReLU. */
  private <T> T define(Supplier<T> work) {
    INDArray given = input;
    input = configuration().reluInFront() ? Transforms.relu(given, true) : given;
    try {
      return work.get();
    } finally {
      input = given;
    }
  }

  private boolean isWithinLoops() {
    return configuration().getKernelSize()[0] <= DepthwiseLoops.MOST_KERNEL
        && layerConf().getIDropout() == null
        && layerConf().getWeightNoise() == null;
  }

  private DepthwiseConvolution configuration() {
    return (DepthwiseConvolution) layerConf();
  }

  private static int[] sides(INDArray maps) {
    return new int[] {(int) maps.size(1), (int) maps.size(2)};
  }

  private int[] outputSize() {
    return ConvolutionUtils.getOutputSize(
        input,
        layerConf().getKernelSize(),
        layerConf().getStride(),
        null,
        convolutionMode,
        ONES,
        CNN2DFormat.NHWC);
  }

  private DepthwiseLoops loops(int[] outputSize) {
    int[] kernel = layerConf().getKernelSize();
    int[] stride = layerConf().getStride();
    int[] padding =
        ConvolutionUtils.getSameModeTopLeftPadding(outputSize, sides(input), kernel, stride, ONES);
    return new DepthwiseLoops(
        kernel[0], kernel[1], stride[0], padding[0], padding[1], configuration().reluInFront());
  }
}
