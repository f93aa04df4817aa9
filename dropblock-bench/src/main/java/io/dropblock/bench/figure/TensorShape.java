package io.dropblock.bench.figure;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of an activation, {@code [samples, channels, height, width]}, in text {@code
 * 32x256x28x28}.
 */
public record TensorShape(int samples, int channels, int height, int width) {
  /** Where the paper drops in ResNet-50 at batch 32, and two of a detector. */
  public static final List<TensorShape> DEFAULTS =
      List.of(
          new TensorShape(32, 256, 28, 28),
          new TensorShape(32, 1024, 14, 14),
          new TensorShape(32, 2048, 7, 7),
          new TensorShape(8, 64, 112, 112),
          new TensorShape(1, 256, 80, 80));

  private static final Pattern TEXT =
      Pattern.compile("([1-9]\\d{0,5})x([1-9]\\d{0,5})x([1-9]\\d{0,5})x([1-9]\\d{0,5})");

  /**
   * @throws IllegalArgumentException if a side is below 1 or the tensor has 2^31 elements and more
   */
  public TensorShape {
    if (Math.min(Math.min(samples, channels), Math.min(height, width)) < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid shape: %dx%dx%dx%d", samples, channels, height, width));
    }
    double elements = (double) samples * channels * height * width;
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid shape: %dx%dx%dx%d has more than 2^31 - 1 elements",
              samples,
              channels,
              height,
              width));
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static TensorShape parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "Invalid shape: '" + text + "', write it like 32x256x28x28");
    }
    return new TensorShape(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        Integer.parseInt(parts.group(4)));
  }

  /** Number of elements. */
  public int elements() {
    return samples * channels * height * width;
  }

  /** As ND4J takes it. */
  public long[] dimensions() {
    return new long[] {samples, channels, height, width};
  }

  @Override
  public String toString() {
    return samples + "x" + channels + "x" + height + "x" + width;
  }
}
