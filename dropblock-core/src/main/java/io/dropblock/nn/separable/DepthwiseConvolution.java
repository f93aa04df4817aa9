package io.dropblock.nn.separable;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A convolution in which each channel has one kernel of its own, the first half of a separable
 * convolution, without bias, over maps {@code [n, h, w, c]}. A ReLU may cut its input off below 0
 * first, as AmoebaNet's do ({@code tensorflow/tpu: models/official/amoeba_net/network_utils.py}).
 *
 * <p>The output has as many pixels as the input, or, with a stride, that number divided and rounded
 * up. Zeros outside are TensorFlow's SAME: as many on both sides, and an odd one at the bottom and
 * right.
 *
 * <p>It has DL4J's parameter, {@code W} of shape {@code [kernel, kernel, channels, 1]}, and is by
 * definition DL4J's layer; floats in main memory go through {@link
 * io.dropblock.cpu.DepthwiseLoops}.
 */
public final class DepthwiseConvolution extends DepthwiseConvolution2D {
  private static final long serialVersionUID = 1L;

  @JsonProperty private boolean reluInFront;

  /** For JSON. */
  @SuppressWarnings("unused")
  private DepthwiseConvolution() {}

  /**
   * @param kernel height and width of the kernels, at least 1
   * @param stride pixels of the input from one of the output to the next, at least 1
   * @param reluInFront whether negative inputs count as 0
   */
  public DepthwiseConvolution(int kernel, int stride, boolean reluInFront) {
    super(builder(kernel, stride));
    this.reluInFront = reluInFront;
  }

  private static Builder builder(int kernel, int stride) {
    if (kernel < 1 || stride < 1) {
      throw new IllegalArgumentException(
          "Cannot convolve channels with kernel " + kernel + " and stride " + stride);
    }
    return new Builder(kernel, kernel)
        .stride(stride, stride)
        .depthMultiplier(1)
        .convolutionMode(ConvolutionMode.Same)
        .activation(new ActivationIdentity())
        .hasBias(false)
        .dataFormat(CNN2DFormat.NHWC);
  }

  /** Whether negative inputs count as 0. */
  public boolean reluInFront() {
    return reluInFront;
  }

  @Override
  public void setNIn(InputType type, boolean override) {
    if (!(type instanceof InputTypeConvolutional maps && maps.getFormat() == CNN2DFormat.NHWC)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply DepthwiseConvolution '%s' to %s: maps with the channels last are needed",
              getLayerName(),
              type));
    }
    super.setNIn(type, override);
    setNOut(getNIn());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    LayerValidation.assertNInNOutSet(
        "DepthwiseConvolution", getLayerName(), index, getNIn(), getNOut());
    DepthwiseConvolutionLayer layer = new DepthwiseConvolutionLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public DepthwiseConvolution clone() {
    return (DepthwiseConvolution) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DepthwiseConvolution that
        && reluInFront == that.reluInFront
        && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof DepthwiseConvolution;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), reluInFront);
  }
}
