package io.dropblock.nn;

import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import io.dropblock.cpu.PointwiseLoops;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2DDerivative;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The running layer. Its own way is taken where oneDNN's helper is; else DL4J's. */
final class LeanConvolutionLayer extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  private static final int WEIGHTS_OUT_IN_HEIGHT_WIDTH = 1;
  private static final int[] ONES = {1, 1};
  private static final int[] NO_PADDING = {0, 0};

  /** Kept, as it is memory outside the heap. */
  private transient OpContext context;

  LeanConvolutionLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (!isLean(input)) {
      return rectified(super.activate(training, workspaces));
    }
    INDArray weights = getParam(WEIGHT_KEY);
    validateInputRank();
    validateInputDepth(weights.size(1));
    int[] size = outputSize();
    long[] shape =
        isChannelsLast()
            ? new long[] {input.size(0), size[0], size[1], weights.size(0)}
            : new long[] {input.size(0), weights.size(0), size[0], size[1]};
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
    prepare(size);
    context.setInputArray(0, input);
    context.setInputArray(1, weights);
    if (hasBias()) {
      context.setInputArray(2, getParam(BIAS_KEY));
    }
    context.setOutputArray(0, output);
    Nd4j.exec(new Conv2D(), context);
    context.purge();
    return rectified(output);
  }

  private INDArray rectified(INDArray output) {
    return ((LeanConvolution) layerConf()).relu() ? Transforms.relu(output, false) : output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    ((LeanConvolution) layerConf()).requireTrainable();
    assertInputSet(true);
    if (!isLean(input)) {
      return super.backpropGradient(epsilon, workspaces);
    }
    INDArray below =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c');
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(WEIGHT_KEY, gradientViews.get(WEIGHT_KEY));
    INDArray above = isPlain(epsilon) ? epsilon : epsilon.dup('c');
    INDArray weights = getParam(WEIGHT_KEY);
    INDArray weightGradient = gradientViews.get(WEIGHT_KEY);
    if (isPointwise() && PointwiseLoops.take(input, weights, above, below, weightGradient)) {
      PointwiseLoops.backward(input, weights, above, below, weightGradient);
    } else {
      backward(above, below);
    }
    if (hasBias()) {
      gradient.setGradientFor(BIAS_KEY, gradientViews.get(BIAS_KEY));
    }
    return new Pair<>(gradient, below);
  }

  /** Whether a pixel of the output comes from one pixel of the input, and that is all. */
  private boolean isPointwise() {
    return isChannelsLast()
        && !hasBias()
        && Arrays.equals(layerConf().getKernelSize(), ONES)
        && Arrays.equals(layerConf().getStride(), ONES)
        && (convolutionMode == ConvolutionMode.Same
            || Arrays.equals(layerConf().getPadding(), NO_PADDING));
  }

  private void backward(INDArray epsilon, INDArray below) {
    prepare(sides(epsilon));
    int arrays = 0;
    context.setInputArray(arrays++, input);
    context.setInputArray(arrays++, getParam(WEIGHT_KEY));
    if (hasBias()) {
      context.setInputArray(arrays++, getParam(BIAS_KEY));
    }
    context.setInputArray(arrays, epsilon);
    context.setOutputArray(0, below);
    context.setOutputArray(1, gradientViews.get(WEIGHT_KEY));
    if (hasBias()) {
      context.setOutputArray(2, gradientViews.get(BIAS_KEY));
    }
    Nd4j.exec(new Conv2DDerivative(), context);
    context.purge();
  }

  private boolean isLean(INDArray maps) {
    return helper != null
        && maps.dataType() == DataType.FLOAT
        && isPlain(maps)
        && Arrays.equals(layerConf().getDilation(), ONES)
        && dataType == DataType.FLOAT
        && layerConf().getIDropout() == null
        && layerConf().getWeightNoise() == null;
  }

  /** ND4J hands oneDNN wrong strides for others, and a wrong padding where there is a dilation. */
  private static boolean isPlain(INDArray maps) {
    return maps.ordering() == 'c' && Shape.hasDefaultStridesForShape(maps);
  }

  private boolean isChannelsLast() {
    return layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC;
  }

  private int[] sides(INDArray maps) {
    int first = isChannelsLast() ? 1 : 2;
    return new int[] {(int) maps.size(first), (int) maps.size(first + 1)};
  }

  private int[] outputSize() {
    return ConvolutionUtils.getOutputSize(
        input,
        layerConf().getKernelSize(),
        layerConf().getStride(),
        convolutionMode == ConvolutionMode.Same ? null : layerConf().getPadding(),
        convolutionMode,
        layerConf().getDilation(),
        layerConf().getCnn2dDataFormat());
  }

  /** Sets the arguments of both operations; the padding follows from the size of the maps. */
  private void prepare(int[] outputSize) {
    int[] kernel = layerConf().getKernelSize();
    int[] stride = layerConf().getStride();
    int[] dilation = layerConf().getDilation();
    boolean same = convolutionMode == ConvolutionMode.Same;
    int[] padding =
        same
            ? ConvolutionUtils.getSameModeTopLeftPadding(
                outputSize, sides(input), kernel, stride, dilation)
            : layerConf().getPadding();
    if (context == null) {
      context = Nd4j.getExecutioner().buildContext();
    }
    context.purge();
    context.setIArguments(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        dilation[0],
        dilation[1],
        same ? 1 : 0,
        isChannelsLast() ? 1 : 0,
        WEIGHTS_OUT_IN_HEIGHT_WIDTH);
  }
}
