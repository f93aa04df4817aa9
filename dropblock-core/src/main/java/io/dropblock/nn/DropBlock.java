package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;
import io.dropblock.op.Normalization;
import io.dropblock.schedule.Schedule;
import java.util.Collection;
import java.util.Locale;
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
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a DropBlock layer: output shape = input shape, {@code [batch, channels, height,
 * width]} or channels last as the network has it.
 *
 * <p>While training, squares of the feature map are dropped and the rest is scaled up (paper,
 * Algorithm 1); at inference the layer is the identity, unless {@link
 * Builder#activeAtInference(boolean)} says otherwise (the paper's Figure 5 drops blocks at
 * inference). Which keep probability holds at which step is told from outside, through {@link
 * DropBlockSites}, or is the layer's own schedule, {@link Builder#keepProbability}; training with
 * neither is an error, since a DropBlock that is silently off looks like one that does not help.
 */
public final class DropBlock extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  /**
   * The block size that stands for the whole map. Any other square is clipped to a square, which on
   * a map that is none leaves a rest.
   */
  public static final int WHOLE_MAP = Integer.MAX_VALUE;

  @JsonProperty private int blockHeight;
  @JsonProperty private int blockWidth;
  @JsonProperty private double dropScale;
  @JsonProperty private boolean activeAtInference;
  @JsonProperty private boolean exactKeep;
  @JsonProperty private boolean sharedChannels;
  @JsonProperty private Normalization normalization = Normalization.BATCH;
  @JsonProperty private KeepSchedule ownSchedule;

  /** Null as long as nobody told it. */
  @JsonProperty private CNN2DFormat format;

  /** For Jackson. */
  @SuppressWarnings("unused")
  private DropBlock() {}

  private DropBlock(Builder builder) {
    super(builder);
    blockHeight = builder.blockHeight;
    blockWidth = builder.blockWidth;
    dropScale = builder.dropScale;
    activeAtInference = builder.activeAtInference;
    exactKeep = builder.exactKeep;
    sharedChannels = builder.sharedChannels;
    normalization = builder.normalization;
    ownSchedule = builder.ownSchedule;
    format = builder.format;
  }

  /**
   * A builder with block size 1: dropout. Scaled by the counted ratio of elements, {@code count /
   * ones}, as DropBlock is, where dropout elsewhere divides by the keep probability; the two agree
   * in the limit of many elements.
   */
  public static Builder dropout() {
    return new Builder().blockSize(1);
  }

  /**
   * A builder whose block is the whole map, of whatever size and shape: SpatialDropout, which drops
   * whole channels. Scaled by the counted ratio, see {@link #dropout()}.
   */
  public static Builder spatialDropout() {
    return new Builder().blockSize(WHOLE_MAP);
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

  /** Whether the drop rate is corrected for overlapping blocks. */
  public boolean exactKeep() {
    return exactKeep;
  }

  /** Whether all channels of a sample share one mask. */
  public boolean sharedChannels() {
    return sharedChannels;
  }

  /** Over what kept elements are counted for the scale. */
  public Normalization normalization() {
    return normalization;
  }

  /** The block on a map of this size. */
  public BlockGeometry geometry(int height, int width) {
    return blockHeight == WHOLE_MAP && blockWidth == WHOLE_MAP
        ? new BlockGeometry(height, width, height, width)
        : BlockGeometry.clipped(height, width, blockHeight, blockWidth);
  }

  /** Null if the keep probability is told from outside. */
  KeepSchedule ownSchedule() {
    return ownSchedule;
  }

  /** The order of the dimensions of the layer's input; null if nobody told it. */
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
    MapFormat.require(format, "DropBlock", getLayerName(), "dataFormat of the layer's");
    DropBlockLayer layer = new DropBlockLayer(configuration, networkDataType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    return layer;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeConvolutional)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply DropBlock '%s': its input is %s, not a feature map",
              getLayerName(),
              inputType));
    }
    return inputType;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    format = MapFormat.of(inputType, format, "DropBlock", getLayerName());
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
        && exactKeep == that.exactKeep
        && sharedChannels == that.sharedChannels
        && normalization == that.normalization
        && Objects.equals(ownSchedule, that.ownSchedule)
        && format == that.format;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof DropBlock;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(),
        blockHeight,
        blockWidth,
        dropScale,
        activeAtInference,
        exactKeep,
        sharedChannels,
        normalization,
        ownSchedule,
        format);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "DropBlock(name=%s, block=%s, dropScale=%s, activeAtInference=%s, exactKeep=%s, "
            + "sharedChannels=%s, normalization=%s, keepProbability=%s)",
        getLayerName(),
        blockHeight == WHOLE_MAP && blockWidth == WHOLE_MAP
            ? "map"
            : blockHeight + "x" + blockWidth,
        dropScale,
        activeAtInference,
        exactKeep,
        sharedChannels,
        normalization,
        ownSchedule == null ? "told" : ownSchedule);
  }

  /** Builds the configuration; the defaults are the paper's block of 7 x 7 and a scale of 1. */
  @SuppressWarnings("unchecked") // DL4J's signature of build()
  public static final class Builder
      extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
    private int blockHeight = 7;
    private int blockWidth = 7;
    private double dropScale = 1;
    private boolean activeAtInference;
    private boolean exactKeep;
    private boolean sharedChannels;
    private Normalization normalization = Normalization.BATCH;
    private KeepSchedule ownSchedule;
    private CNN2DFormat format;

    /**
     * Sets the order of the dimensions of the layer's input. Needed only where the network's
     * builder is not told an input type, which says it, too; without either the network refuses to
     * be initialised, since squares over width and channels look like any others.
     */
    public Builder dataFormat(CNN2DFormat order) {
      format = Objects.requireNonNull(order, "order");
      return this;
    }

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
      dropScale = SiteState.requireScale(scale);
      return this;
    }

    /** Sets whether blocks are dropped at inference, too; default false. */
    public Builder activeAtInference(boolean active) {
      activeAtInference = active;
      return this;
    }

    /**
     * Sets whether gamma is chosen so that the expected share of kept elements is the keep
     * probability exactly. By default it is the paper's, which counts overlapping blocks twice and
     * keeps a little more: 0.907 for 0.9 on 14 x 14 with blocks of 7.
     */
    public Builder exactKeep(boolean exact) {
      exactKeep = exact;
      return this;
    }

    /**
     * Sets whether all channels of a sample share one mask; default false, a mask for each channel
     * (paper, section 3: "tends to work better").
     */
    public Builder sharedChannels(boolean shared) {
      sharedChannels = shared;
      return this;
    }

    /**
     * Sets over what kept elements are counted for the scale; default the local batch, as in {@code
     * tensorflow/tpu: models/official/resnet/resnet_model.py}. Counted by sample, outputs do not
     * depend on how the batch is split over ranks.
     */
    public Builder normalization(Normalization over) {
      normalization = Objects.requireNonNull(over, "normalization");
      return this;
    }

    /**
     * Sets the layer's own schedule, for a plain {@code fit}: the keep probability follows DL4J's
     * counter of iterations or of epochs, which a saved network remembers, and masks are drawn from
     * the configuration's seed. What {@link DropBlockSites#set} tells takes precedence. Copies of a
     * network that are trained side by side (DL4J's ParallelWrapper, a Spark task) would draw equal
     * masks, and refuse.
     *
     * <p>The paper's schedule over 1000 iterations is {@code new Linear(1, 0.9), 1000, ITERATION}:
     * 1 in the first iteration, and 0.9 from iteration 1000 on.
     *
     * @param schedule the nominal keep probability over progress {@code counter / total}
     * @param total planned iterations or epochs, at least 1; later ones keep the last value
     * @param per which counter
     * @throws IllegalArgumentException if the schedule leaves [0, 1] or {@code total} is below 1
     */
    public Builder keepProbability(Schedule schedule, long total, ScheduleType per) {
      ownSchedule = KeepSchedule.of(schedule, total, per);
      return this;
    }

    @Override
    public DropBlock build() {
      return new DropBlock(this);
    }
  }
}
