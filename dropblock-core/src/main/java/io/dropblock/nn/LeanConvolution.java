package io.dropblock.nn;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * DL4J's convolution without an activation function, by {@link io.dropblock.cpu.ConvolutionLoops},
 * and without the forward pass that DL4J 1.0.0-M2.1 computes a second time on the way back, to have
 * what the activation function's gradient needs. The same parameters, the same results.
 *
 * <p>It does not take channels first for granted: an input type tells the order, or {@code
 * dataFormat(NHWC)} of the builder, or {@code setCnn2dDataFormat}.
 *
 * <p>With a ReLU it is for inference only: what {@link FoldedNetwork} puts in the place of a
 * convolution, its batch normalisation and their ReLU.
 */
public final class LeanConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  @JsonProperty private boolean inputGradient = true;
  @JsonProperty private boolean relu;

  /** For JSON. */
  public LeanConvolution() {}

  private LeanConvolution(Builder builder) {
    super(builder);
    if (getCnn2dDataFormat() == CNN2DFormat.NCHW) {
      // which is what DL4J's builder says where nobody told it any
      setCnn2dDataFormat(null);
    }
  }

  /** The convolution that DL4J's builder makes, whatever activation function it has. */
  public static LeanConvolution of(ConvolutionLayer.Builder builder) {
    return new LeanConvolution(builder.activation(new ActivationIdentity()));
  }

  /**
   * The same, where nothing reads the gradient at the input: the first layer of a network, whose
   * images are given. {@code backpropGradient} returns null for it.
   */
  public static LeanConvolution first(ConvolutionLayer.Builder builder) {
    LeanConvolution layer = of(builder);
    layer.inputGradient = false;
    return layer;
  }

  /** Whether the gradient at the input is computed. */
  public boolean hasInputGradient() {
    return inputGradient;
  }

  /** The same with a ReLU behind it; it refuses to be trained. */
  public static LeanConvolution withRelu(ConvolutionLayer.Builder builder) {
    LeanConvolution convolution = of(builder);
    convolution.rectify();
    return convolution;
  }

  /** Whether negative outputs become 0. */
  public boolean relu() {
    return relu;
  }

  /** From now on negative outputs become 0. */
  void rectify() {
    relu = true;
  }

  /**
   * @throws UnsupportedOperationException if there is a ReLU, whose gradient nobody computes
   */
  void requireTrainable() {
    if (relu) {
      throw new UnsupportedOperationException(
          String.format(
              Locale.ROOT,
              "Cannot train LeanConvolution with ReLU: '%s' is for inference only; "
                  + "train the network that it was folded from",
              getLayerName()));
    }
  }

  /** Also where the number of channels is set already. */
  @Override
  public void setNIn(InputType type, boolean override) {
    CNN2DFormat format =
        MapFormat.of(type, getCnn2dDataFormat(), "LeanConvolution", getLayerName());
    super.setNIn(type, override);
    setCnn2dDataFormat(format);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    LayerValidation.assertNInNOutSet("LeanConvolution", getLayerName(), index, getNIn(), getNOut());
    MapFormat.require(
        getCnn2dDataFormat(), "LeanConvolution", getLayerName(), "setCnn2dDataFormat of the layer");
    LeanConvolutionLayer layer = new LeanConvolutionLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public LeanConvolution clone() {
    return (LeanConvolution) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LeanConvolution convolution
        && inputGradient == convolution.inputGradient
        && relu == convolution.relu
        && super.equals(other);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), inputGradient, relu);
  }
}
