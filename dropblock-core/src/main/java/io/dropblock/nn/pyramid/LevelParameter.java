package io.dropblock.nn.pyramid;

import io.dropblock.optimizer.ParameterGroup;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a parameter of a {@link LevelNet} is, by the end of its name: {@code conv0/W}, {@code
 * conv0/b}, {@code conv0/level1/gamma}, ..., {@code last/W}, {@code last/b}.
 */
public enum LevelParameter {
  /** A kernel, {@code [filters, inputs, 3, 3]}. */
  WEIGHTS("W"),
  /** {@code [filters]}. */
  BIAS("b"),
  /** The scale of a level's normalisation, {@code [filters]}. */
  GAMMA("gamma"),
  /** Its shift, likewise. */
  BETA("beta"),
  /** Its moving mean, which no updater moves. */
  MEAN("mean"),
  /** Its moving variance, likewise. */
  VARIANCE("var");

  private final String key;

  LevelParameter(String key) {
    this.key = key;
  }

  /**
   * @throws IllegalArgumentException if a parameter of this name is none of a {@link LevelNet}
   */
  public static LevelParameter of(String name) {
    String end = name.substring(name.lastIndexOf('/') + 1);
    return Arrays.stream(values())
        .filter(one -> one.key.equals(end))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot tell what parameter '" + name + "' of a LevelNet is"));
  }

  /** What it is for. */
  ParameterGroup group() {
    return switch (this) {
      case WEIGHTS -> ParameterGroup.KERNELS;
      case BIAS -> ParameterGroup.BIASES;
      case GAMMA, BETA -> ParameterGroup.NORMALIZATION;
      case MEAN, VARIANCE -> ParameterGroup.STATISTICS;
    };
  }

  /** Whether it is a moving statistic: its gradient is what is subtracted from it as it is. */
  public boolean isStatistic() {
    return this == MEAN || this == VARIANCE;
  }

  /** The parameter's name in a convolution. */
  String in(String convolution) {
    return convolution + "/" + key;
  }

  /** The parameter's name in the normalisation of one level behind a convolution. */
  String in(String convolution, int level) {
    return String.format(Locale.ROOT, "%s/level%d/%s", convolution, level, key);
  }
}
