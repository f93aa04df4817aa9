package io.dropblock.spark.data.image;

/**
 * How a rectangle is scaled. Neither filters against aliasing when it shrinks, as TensorFlow's
 * resizing has no such filter.
 */
public enum Resampling {
  /**
   * What the paper's code calls ({@code tf.image.resize_bicubic} of TensorFlow 1): cubic
   * convolution with {@code a = -0.75}, weights to 1/1024 of a pixel, target pixel {@code i} at
   * source {@code i * scale}, that is, not by pixel centres. Values may lie outside [0, 255].
   */
  BICUBIC {
    @Override
    double position(int target, double scale) {
      return target * scale;
    }

    @Override
    void weigh(double fraction, float[] weight, int at) {
      double near = Math.rint(fraction * STEPS) / STEPS;
      weight[at] = (float) outer(1 + near);
      weight[at + 1] = (float) inner(near);
      weight[at + 2] = (float) inner(1 - near);
      weight[at + 3] = (float) outer(2 - near);
    }
  },
  /**
   * {@code tf.image.resize_bilinear} of TensorFlow 1 without aligned corners: target pixel {@code
   * i} at source {@code i * scale}, that is, not by pixel centres.
   */
  BILINEAR_UNCENTRED {
    @Override
    double position(int target, double scale) {
      return target * scale;
    }

    @Override
    void weigh(double fraction, float[] weight, int at) {
      BILINEAR.weigh(fraction, weight, at);
    }
  },
  /** Pixel centres lie at half coordinates: {@code source = (i + 0.5) * scale - 0.5}. */
  BILINEAR {
    @Override
    double position(int target, double scale) {
      return (target + 0.5) * scale - 0.5;
    }

    @Override
    void weigh(double fraction, float[] weight, int at) {
      weight[at + 1] = (float) (1 - fraction);
      weight[at + 2] = (float) fraction;
    }
  };

  private static final int STEPS = 1024;
  private static final double A = -0.75;

  /** Whether the pixels at -1 and 2 never count. */
  boolean isBilinear() {
    return this != BICUBIC;
  }

  /** Where a target pixel lies among the source's, 0 being the middle of the first one. */
  abstract double position(int target, double scale);

  /**
   * Writes the weights of the pixels at -1, 0, 1 and 2.
   *
   * @param fraction in [0, 1)
   */
  abstract void weigh(double fraction, float[] weight, int at);

  // Keys, Cubic convolution interpolation for digital image processing, 1981, equation 4, any a.
  private static double inner(double x) {
    return ((A + 2) * x - (A + 3)) * x * x + 1;
  }

  private static double outer(double x) {
    return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }
}
