package io.dropblock.model;

import org.deeplearning4j.nn.conf.distribution.TruncatedNormalDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;

/**
 * Initial weights scaled by what a number of the input is a part of: a normal distribution of
 * deviation {@code sqrt(1.3 * 2 / fan-out)}, cut at two deviations, where 1.3 makes up for the cut.
 * {@code tensorflow/tensorflow: contrib/layers/python/layers/initializers.py}, {@code
 * variance_scaling_initializer(mode='FAN_OUT')}. DL4J's own divides the fan-out of a convolution by
 * its stride.
 */
final class FanOut {
  private static final double FACTOR = 1.3 * 2;

  private FanOut() {}

  static IWeightInit ofConvolution(int kernelHeight, int kernelWidth, int filters) {
    return ofFan((double) kernelHeight * kernelWidth * filters);
  }

  /** One filter a channel: what the reference counts, although kernels hold all channels. */
  static IWeightInit ofDepthwise(int kernel) {
    return ofConvolution(kernel, kernel, 1);
  }

  static IWeightInit ofDense(int outputs) {
    return ofFan(outputs);
  }

  private static IWeightInit ofFan(double fanOut) {
    return new WeightInitDistribution(
        new TruncatedNormalDistribution(0, Math.sqrt(FACTOR / fanOut)));
  }
}
