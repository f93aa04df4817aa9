package io.dropblock.genotype;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cell does to a state before it is added to another, named as in {@code tensorflow/tpu:
 * models/official/amoeba_net/model_specs.py}.
 */
public sealed interface Operation {

  /** The name that {@link #parse} reads. */
  String name();

  /** {@code none}: the state as it is; a {@link Pointwise} where stride or filters want one. */
  record Identity() implements Operation {
    @Override
    public String name() {
      return "none";
    }
  }

  /** {@code 1x1}: ReLU, convolution 1x1, normalisation. */
  record Pointwise() implements Operation {
    @Override
    public String name() {
      return "1x1";
    }
  }

  /**
   * {@code 3x3}: three times ReLU, convolution, normalisation: 1x1 to a quarter of the filters,
   * 3x3, 1x1 back. With fewer than four filters the 3x3 alone.
   */
  record Bottleneck() implements Operation {
    @Override
    public String name() {
      return "3x3";
    }
  }

  /**
   * {@code separable_3x3_2}: as often as there are layers ReLU, a depthwise convolution, one of
   * 1x1, normalisation; the stride is the first one's.
   *
   * @param kernel side, 1 to 9
   * @param layers 1 to 9
   * @param dilated whether the name begins with {@code dil_2_}, to which the reference pays no
   *     attention, and neither do we
   */
  record Separable(int kernel, int layers, boolean dilated) implements Operation {
    @Override
    public String name() {
      return (dilated ? "dil_2_" : "") + "separable_" + kernel + "x" + kernel + "_" + layers;
    }
  }

  /**
   * {@code max_pool_3x3} or {@code avg_pool_3x3}; a mean does not count what lies outside. Followed
   * by a convolution 1x1 and a normalisation where the filters differ.
   *
   * @param maximum whether it is the maximum, else the mean
   * @param kernel side, 1 to 9
   */
  record Pooling(boolean maximum, int kernel) implements Operation {
    @Override
    public String name() {
      return (maximum ? "max" : "avg") + "_pool_" + kernel + "x" + kernel;
    }
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if there is no such operation
   */
  static Operation parse(String name) {
    Matcher separable = Patterns.SEPARABLE.matcher(name);
    if (separable.matches()) {
      return new Separable(
          Integer.parseInt(separable.group(2)),
          Integer.parseInt(separable.group(3)),
          separable.group(1) != null);
    }
    Matcher pooling = Patterns.POOLING.matcher(name);
    if (pooling.matches()) {
      return new Pooling(pooling.group(1).equals("max"), Integer.parseInt(pooling.group(2)));
    }
    return switch (name) {
      case "none" -> new Identity();
      case "1x1" -> new Pointwise();
      case "3x3" -> new Bottleneck();
      default ->
          throw new IllegalArgumentException(
              "Unknown operation: '"
                  + name
                  + "', write none, 1x1, 3x3, max_pool_3x3, avg_pool_3x3, separable_3x3_2 or"
                  + " dil_2_separable_5x5_2, with kernels and layers from 1 to 9");
    };
  }

  /** Of names with numbers in them. */
  final class Patterns {
    private static final Pattern SEPARABLE =
        Pattern.compile("(dil_2_)?separable_([1-9])x\\2_([1-9])");
    private static final Pattern POOLING = Pattern.compile("(avg|max)_pool_([1-9])x\\2");

    private Patterns() {}
  }
}
