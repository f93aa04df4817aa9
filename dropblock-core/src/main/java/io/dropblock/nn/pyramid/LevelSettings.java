package io.dropblock.nn.pyramid;

import io.dropblock.nn.DropBlock;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a {@link LevelNet} is made of.
 *
 * @param levels number of levels, which is that of inputs, at least 1
 * @param channels of each input, at least 1
 * @param convolutions that have a normalisation behind them, at least 0
 * @param filters channels of each of those, at least 1
 * @param outputs channels of the last convolution, at least 1
 * @param output what becomes of the levels' maps
 * @param bias whether the convolutions with a normalisation behind them have one
 * @param decay what the moving statistics keep of themselves at each step, in [0, 1]
 * @param epsilon added to variances, above 0
 * @param frozen whether normalisations work by their moving statistics in training, too, and leave
 *     them as they are
 * @param deviation of the normal distribution that weights are drawn from, at least 0
 * @param lastBias the first value of every bias of the last convolution
 * @param dropBlock the settings of every site; null for none
 */
public record LevelSettings(
    @JsonProperty("levels") int levels,
    @JsonProperty("channels") int channels,
    @JsonProperty("convolutions") int convolutions,
    @JsonProperty("filters") int filters,
    @JsonProperty("outputs") int outputs,
    @JsonProperty("output") LevelNet.Output output,
    @JsonProperty("bias") boolean bias,
    @JsonProperty("decay") double decay,
    @JsonProperty("epsilon") double epsilon,
    @JsonProperty("frozen") boolean frozen,
    @JsonProperty("deviation") double deviation,
    @JsonProperty("lastBias") double lastBias,
    @JsonProperty("dropBlock") DropBlock dropBlock)
    implements Serializable {
  private static final String LAST = "last";
  private static final int KERNEL = 3;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  @JsonCreator
  public LevelSettings {
    Objects.requireNonNull(output, "output");
    require(levels >= 1, "levels", levels, "at least 1");
    require(channels >= 1, "channels", channels, "at least 1");
    require(convolutions >= 0, "convolutions", convolutions, "at least 0");
    require(filters >= 1, "filters", filters, "at least 1");
    require(outputs >= 1, "outputs", outputs, "at least 1");
    require(decay >= 0 && decay <= 1, "decay", decay, "in [0, 1]");
    require(epsilon > 0 && Double.isFinite(epsilon), "epsilon", epsilon, "finite and above 0");
    require(
        deviation >= 0 && Double.isFinite(deviation),
        "deviation",
        deviation,
        "finite and at least 0");
    require(Double.isFinite(lastBias), "first value of the last bias", lastBias, "finite");
  }

  private static void require(boolean right, String what, Number value, String needed) {
    if (!right) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a LevelNet: its %s is %s, %s is needed",
              what,
              value,
              needed));
    }
  }

  /** The name of a convolution, the last one being number {@code convolutions}. */
  String convolution(int number) {
    return number == convolutions ? LAST : "conv" + number;
  }

  /** Channels of what a convolution reads. */
  private int inputs(int number) {
    return number == 0 ? channels : filters;
  }

  /** Channels of what a convolution makes. */
  int made(int number) {
    return number == convolutions ? outputs : filters;
  }

  boolean hasBias(int number) {
    return bias || number == convolutions;
  }

  /**
   * Names and shapes of the parameters, in the order of the flat array: what an updater moves, then
   * the moving statistics.
   */
  Map<String, long[]> parameters() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int number = 0; number <= convolutions; number++) {
      String name = convolution(number);
      long made = made(number);
      shapes.put(
          LevelParameter.WEIGHTS.in(name), new long[] {made, inputs(number), KERNEL, KERNEL});
      if (hasBias(number)) {
        shapes.put(LevelParameter.BIAS.in(name), new long[] {made});
      }
      putNorms(shapes, number, LevelParameter.GAMMA, LevelParameter.BETA);
    }
    for (int number = 0; number < convolutions; number++) {
      putNorms(shapes, number, LevelParameter.MEAN, LevelParameter.VARIANCE);
    }
    return shapes;
  }

  private void putNorms(Map<String, long[]> shapes, int number, LevelParameter... kinds) {
    for (int level = 0; level < levels && number < convolutions; level++) {
      for (LevelParameter kind : kinds) {
        shapes.put(kind.in(convolution(number), level), new long[] {filters});
      }
    }
  }

  /** Multiplications and additions for one image, each weight once for each position of a level. */
  long multiplyAdds(long positions) {
    long weights = 0;
    for (int number = 0; number <= convolutions; number++) {
      weights += (long) made(number) * inputs(number) * KERNEL * KERNEL;
    }
    return weights * positions;
  }

  /**
   * Makes the settings. The defaults are those of {@code tensorflow/tpu:
   * models/official/retinanet}: biases, moving statistics that keep 0.997 of themselves, an epsilon
   * of 1e-4, weights drawn with a deviation of 0.01.
   */
  public static final class Builder {
    private final int levels;
    private final int channels;
    private int convolutions;
    private int filters = 1;
    private int outputs;
    private LevelNet.Output output;
    private boolean bias = true;
    private double decay = 0.997;
    private double epsilon = 1e-4;
    private boolean frozen;
    private double deviation = 0.01;
    private double lastBias;
    private DropBlock dropBlock;

    /**
     * @param levels number of levels, which is that of inputs, at least 1
     * @param channels of each input, at least 1
     */
    public Builder(int levels, int channels) {
      this.levels = levels;
      this.channels = channels;
    }

    /** Sets the convolutions before the last one, each to {@code filters} channels; default 0. */
    public Builder convolutions(int count, int filters) {
      this.convolutions = count;
      this.filters = filters;
      return this;
    }

    /** Sets the last convolution's channels, and what becomes of the levels' maps. To be called. */
    public Builder outputs(int channels, LevelNet.Output form) {
      outputs = channels;
      output = form;
      return this;
    }

    /** Sets whether the convolutions before the last one have a bias; default true. */
    public Builder bias(boolean there) {
      bias = there;
      return this;
    }

    /**
     * Sets what the moving statistics keep of themselves at each step, and what is added to
     * variances; default 0.997 and 1e-4.
     */
    public Builder batchNorm(double keep, double addedToVariance) {
      decay = keep;
      epsilon = addedToVariance;
      return this;
    }

    /**
     * Sets whether normalisations work by their moving statistics in training, too, which then stay
     * as they are; default false.
     */
    public Builder frozenNorms(boolean are) {
      frozen = are;
      return this;
    }

    /**
     * Sets the first values: weights are drawn from a normal distribution around 0, default 0.01
     * wide, the last convolution's biases are what is given here, default 0, other biases are 0.
     */
    public Builder initialValues(double deviationOfWeights, double biasOfLast) {
      deviation = deviationOfWeights;
      lastBias = biasOfLast;
      return this;
    }

    /**
     * Sets a DropBlock site behind each ReLU, on each level, with these settings: block, scale and
     * so on. The block is clipped to the level's maps. Default none.
     */
    public Builder dropBlock(DropBlock settings) {
      dropBlock = settings.clone();
      return this;
    }

    /**
     * Makes the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public LevelSettings build() {
      return new LevelSettings(
          levels,
          channels,
          convolutions,
          filters,
          outputs,
          output,
          bias,
          decay,
          epsilon,
          frozen,
          deviation,
          lastBias,
          dropBlock);
    }
  }
}
