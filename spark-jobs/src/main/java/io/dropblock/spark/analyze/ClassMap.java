package io.dropblock.spark.analyze;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where a network sees a class in an image (class activation map; Zhou et al., "Learning Deep
 * Features for Discriminative Localization", CVPR 2016): the last features, weighted by the last
 * layer's weights of the class, its bias left out. Its mean and the bias make the class's logit.
 *
 * @param height rows
 * @param width columns
 * @param values row by row, from the upper left corner
 */
public record ClassMap(int height, int width, double[] values) implements Serializable {

  /** Checks the size. */
  public ClassMap {
    if (height < 1 || width < 1 || values.length != height * width) {
      throw new IllegalArgumentException(
          "Invalid map: " + values.length + " values of " + height + " x " + width);
    }
  }

  /** The mean over all places. */
  public double mean() {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The largest value. */
  public double most() {
    return Arrays.stream(values).max().orElseThrow();
  }

  /** The smallest value. */
  public double least() {
    return Arrays.stream(values).min().orElseThrow();
  }

  /**
   * The share of places whose value is above half the largest one, 0 to 1: the more, the wider the
   * network looks. 0 where no value is above 0, as nothing speaks for the class.
   */
  public double shareAboveHalf() {
    double half = most() / 2;
    return most() > 0
        ? (double) Arrays.stream(values).filter(value -> value > half).count() / values.length
        : 0;
  }

  /** Whether all values are finite. */
  public boolean isFinite() {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /**
   * The same over more places, bilinear between the middles of the old ones; beyond the outermost
   * middles they go on as they are.
   */
  public ClassMap scaled(int rows, int columns) {
    double[] scaled = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      double y = place(row, rows, height);
      int top = (int) y;
      int bottom = Math.min(top + 1, height - 1);
      for (int column = 0; column < columns; column++) {
        double x = place(column, columns, width);
        int left = (int) x;
        int right = Math.min(left + 1, width - 1);
        double above = between(values[top * width + left], values[top * width + right], x - left);
        double below =
            between(values[bottom * width + left], values[bottom * width + right], x - left);
        scaled[row * columns + column] = between(above, below, y - top);
      }
    }
    return new ClassMap(rows, columns, scaled);
  }

  private static double place(int at, int places, int old) {
    double place = (at + .5) * old / places - .5;
    return Math.max(0, Math.min(old - 1, place));
  }

  private static double between(double from, double to, double share) {
    return from + (to - from) * share;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassMap that
        && height == that.height
        && width == that.width
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(values);
  }
}
