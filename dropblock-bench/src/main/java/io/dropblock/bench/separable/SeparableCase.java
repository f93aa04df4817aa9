package io.dropblock.bench.separable;

import java.util.List;
import java.util.Locale;

/**
 * A ReLU, a depthwise convolution and a 1x1 convolution of as many channels.
 *
 * @param side height and width of the input maps, pixels
 * @param channels of input and output
 * @param kernel height and width of the depthwise kernels
 * @param stride of the depthwise convolution
 */
public record SeparableCase(int side, int channels, int kernel, int stride) {
  /**
   * Those of AmoebaNet-B (6, 256) at 331 pixels: of the normal cells of its three stacks, and of
   * the reduction cell between the first two, whose 5x5 reads maps that are halved already.
   */
  public static final List<SeparableCase> AMOEBANET =
      List.of(
          new SeparableCase(42, 256, 3, 1),
          new SeparableCase(21, 512, 3, 1),
          new SeparableCase(11, 1024, 3, 1),
          new SeparableCase(42, 512, 3, 2),
          new SeparableCase(21, 512, 5, 1));

  /** Height and width of the output maps: TensorFlow's SAME. */
  int outSide() {
    return (side + stride - 1) / stride;
  }

  /** Zeros above and left of the maps. */
  int padding() {
    return Math.max(0, (outSide() - 1) * stride + kernel - side) / 2;
  }

  /** {@code 42x42x256 3x3 / 1}. */
  public String label() {
    return String.format(
        Locale.ROOT, "%dx%dx%d %dx%d / %d", side, side, channels, kernel, kernel, stride);
  }
}
