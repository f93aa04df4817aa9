package io.dropblock.nn;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a DropBlock layer: output shape = input shape, {@code [batch, channels, height,
 * width]} or channels last as the network has it.
 *
 * <p>While training, squares of the feature map are dropped and the rest is scaled up (paper,
 * Algorithm 1); at inference the layer is the identity, unless {@link
 * Builder#activeAtInference(boolean)} says otherwise (the paper's Figure 5 drops blocks at
 * inference). Which keep probability holds at which step comes from outside, through {@link
 * DropBlockSites}; training a layer that was never told is an error, since a DropBlock that is
 * silently off looks like one that does not help.
 */
public final class DropBlock extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  @JsonProperty private int blockHeight;
  @JsonProperty private int blockWidth;
  @JsonProperty private double dropScale;
  @JsonProperty private boolean activeAtInference;
  @JsonProperty private CNN2DFormat format = CNN2DFormat.NCHW;

  /** For Jackson. */
  @SuppressWarnings("unused")
  private DropBlock() {}

  private DropBlock(Builder builder) {
    super(builder);
    blockHeight = builder.blockHeight;
    blockWidth = builder.blockWidth;
    dropScale = builder.dropScale;
    activeAtInference = builder.activeAtInference;
  }

  /** Nominal rows of a block; clipped to the map where it is smaller. */
  public int blockHeight() {
    return blockHeight;
  }

  /** Nominal columns of a block; clipped to the map where it is smaller. */
  public int blockWidth() {
    return blockWidth;
  }

  /** What the drop probability {@code 1 - keepProbability} is multiplied by at this site. */
  public double dropScale() {
    return dropScale;
  }

  /** Whether blocks are dropped at inference, too. */
  public boolean activeAtInference() {
    return activeAtInference;
  }

  /** The order of the dimensions of the layer's input. */
  CNN2DFormat format() {
    return format;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray layerParamsView,
      boolean initializeParams,
      DataType networkDataType) {
    DropBlockLayer layer = new DropBlockLayer(configuration, networkDataType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    return layer;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeConvolutional)) {
      throw new IllegalStateException(
          "Cannot apply DropBlock '%s': its input is %s, not a feature map"
              .formatted(getLayerName(), inputType));
    }
    return inputType;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (inputType instanceof InputType.InputTypeConvolutional map) {
      format = map.getFormat();
    }
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    long activations = inputType.arrayElementsPerExample();
    return new LayerMemoryReport.Builder(getLayerName(), DropBlock.class, inputType, inputType)
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, activations)
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  @Override
  public DropBlock clone() {
    return (DropBlock) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropBlock that
        && super.equals(other)
        && blockHeight == that.blockHeight
        && blockWidth == that.blockWidth
        && dropScale == that.dropScale
        && activeAtInference == that.activeAtInference
        && format == that.format;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof DropBlock;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(), blockHeight, blockWidth, dropScale, activeAtInference, format);
  }

  @Override
  public String toString() {
    return "DropBlock(name=%s, block=%dx%d, dropScale=%s, activeAtInference=%s)"
        .formatted(getLayerName(), blockHeight, blockWidth, dropScale, activeAtInference);
  }

  /** Builds the configuration; the defaults are the paper's block of 7 x 7 and a scale of 1. */
  @SuppressWarnings("unchecked") // DL4J's signature of build()
  public static final class Builder
      extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
    private int blockHeight = 7;
    private int blockWidth = 7;
    private double dropScale = 1;
    private boolean activeAtInference;

    /** Sets the side of square blocks, in pixels of the feature map, at least 1. */
    public Builder blockSize(int side) {
      return blockSize(side, side);
    }

    /** Sets the sides of rectangular blocks, in pixels of the feature map, at least 1. */
    public Builder blockSize(int height, int width) {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException("Invalid block size: " + height + " x " + width);
      }
      blockHeight = height;
      blockWidth = width;
      return this;
    }

    /**
     * Sets what the drop probability is multiplied by at this site, 0 to 1: the paper divides it by
     * 4 in group 3 (section 4.1; {@code tensorflow/tpu: models/official/resnet/resnet_main.py}
     * divides the drop probability, before gamma is computed).
     */
    public Builder dropScale(double scale) {
      if (!(scale >= 0 && scale <= 1)) {
        throw new IllegalArgumentException(
            "Invalid drop scale: " + scale + ", must be between 0 and 1");
      }
      dropScale = scale;
      return this;
    }

    /** Sets whether blocks are dropped at inference, too; default false. */
    public Builder activeAtInference(boolean active) {
      activeAtInference = active;
      return this;
    }

    @Override
    public DropBlock build() {
      return new DropBlock(this);
    }
  }
}
