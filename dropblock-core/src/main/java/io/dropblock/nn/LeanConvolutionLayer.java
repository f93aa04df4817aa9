package io.dropblock.nn;

import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import io.dropblock.cpu.CacheLines;
import io.dropblock.cpu.ConvolutionLoops;
import io.dropblock.cpu.Finish;
import io.dropblock.cpu.PackedWeights;
import java.util.Arrays;
import java.util.Optional;
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
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The running layer. Its own way is for floats with the channels last, without dilation; else it is
 * DL4J's.
 */
final class LeanConvolutionLayer extends ConvolutionLayer implements PackedWeightsHolder {
  private static final long serialVersionUID = 1L;

  private static final int[] ONES = {1, 1};

  private boolean keepsPacked;
  private transient PackedWeights packed;

  LeanConvolutionLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public void keepPacked() {
    keepsPacked = true;
  }

  @Override
  public void forgetPacked() {
    packed = null;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    return activate(Optional.empty(), training, workspaces);
  }

  /** At inference, and added in front of the ReLU: an array in the shape of the output. */
  INDArray activate(INDArray added, LayerWorkspaceMgr workspaces) {
    return activate(Optional.of(added), false, workspaces);
  }

  private INDArray activate(
      Optional<INDArray> added, boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (!isLean()) {
      INDArray output = super.activate(training, workspaces);
      added.ifPresent(output::addi);
      return configuration().relu() ? Transforms.relu(output, false) : output;
    }
    INDArray weights = getParam(WEIGHT_KEY);
    validateInputRank();
    validateInputDepth(weights.size(1));
    int[] size = outputSize();
    INDArray output = output(workspaces, input.size(0), size[0], size[1], weights.size(0));
    Finish finish =
        new Finish(
            hasBias() ? Optional.of(getParam(BIAS_KEY)) : Optional.empty(),
            added.map(LeanConvolutionLayer::dense),
            configuration().relu());
    ConvolutionLoops loops = loops(size);
    if (keepsPacked) {
      loops.forward(input, packed(loops, weights), finish, output);
    } else {
      loops.forward(input, weights, finish, output);
    }
    return output;
  }

  private INDArray output(LayerWorkspaceMgr workspaces, long... shape) {
    if (keepsPacked) {
      return CacheLines.aligned(
          length ->
              workspaces.createUninitialized(
                  ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {length}, 'c'),
          shape);
    }
    return workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
  }

  private PackedWeights packed(ConvolutionLoops loops, INDArray weights) {
    if (packed == null || !packed.seemsToBe(weights)) {
      packed = loops.pack(weights);
    }
    return packed;
  }

  private static INDArray dense(INDArray array) {
    return ConvolutionLoops.take(array) ? array : array.dup('c');
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    configuration().requireTrainable();
    assertInputSet(true);
    if (!isLean()) {
      return super.backpropGradient(epsilon, workspaces);
    }
    INDArray above = dense(epsilon);
    Optional<INDArray> below =
        configuration().hasInputGradient()
            ? Optional.of(
                workspaces.createUninitialized(
                    ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c'))
            : Optional.empty();
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(WEIGHT_KEY, gradientViews.get(WEIGHT_KEY));
    Optional<INDArray> ofBias = Optional.empty();
    if (hasBias()) {
      gradient.setGradientFor(BIAS_KEY, gradientViews.get(BIAS_KEY));
      ofBias = Optional.of(gradientViews.get(BIAS_KEY));
    }
    loops(sides(above))
        .backward(input, getParam(WEIGHT_KEY), above, below, gradientViews.get(WEIGHT_KEY), ofBias);
    return new Pair<>(gradient, below.orElse(null));
  }

  private LeanConvolution configuration() {
    return (LeanConvolution) layerConf();
  }

  private boolean isLean() {
    return layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC
        && ConvolutionLoops.take(input, getParam(WEIGHT_KEY))
        && Arrays.equals(layerConf().getDilation(), ONES)
        && layerConf().getIDropout() == null
        && layerConf().getWeightNoise() == null;
  }

  private static int[] sides(INDArray maps) {
    return new int[] {(int) maps.size(1), (int) maps.size(2)};
  }

  private int[] outputSize() {
    return ConvolutionUtils.getOutputSize(
        input,
        layerConf().getKernelSize(),
        layerConf().getStride(),
        convolutionMode == ConvolutionMode.Same ? null : layerConf().getPadding(),
        convolutionMode,
        layerConf().getDilation(),
        CNN2DFormat.NHWC);
  }

  /** The padding follows from the size of the maps. */
  private ConvolutionLoops loops(int[] outputSize) {
    int[] kernel = layerConf().getKernelSize();
    int[] stride = layerConf().getStride();
    int[] padding =
        convolutionMode == ConvolutionMode.Same
            ? ConvolutionUtils.getSameModeTopLeftPadding(
                outputSize, sides(input), kernel, stride, ONES)
            : layerConf().getPadding();
    return new ConvolutionLoops(kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1]);
  }
}
