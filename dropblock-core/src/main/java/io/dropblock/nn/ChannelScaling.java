package io.dropblock.nn;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What batch normalisation is at inference: {@code y = scale x + shift}, channel by channel.
 *
 * @param scale {@code gamma / sqrt(variance + epsilon)}
 * @param shift {@code beta - mean scale}
 */
record ChannelScaling(double[] scale, double[] shift) {

  /** Reads the moving statistics, in either of DL4J's forms, and gamma and beta. */
  static ChannelScaling of(BatchNormalization norm, Map<String, INDArray> parameters) {
    double[] mean = doubles(parameters.get(GLOBAL_MEAN));
    double[] scale = new double[mean.length];
    double[] shift = new double[mean.length];
    double[] spread = doubles(parameters.get(norm.isUseLogStd() ? GLOBAL_LOG_STD : GLOBAL_VAR));
    double[] gamma = norm.isLockGammaBeta() ? null : doubles(parameters.get(GAMMA));
    double[] beta = norm.isLockGammaBeta() ? null : doubles(parameters.get(BETA));
    // As DL4J 1.0.0-M2.1, which forgets a locked gamma where beta is 0, and beta where gamma is 1
    boolean locked = norm.getGamma() != 1 && norm.getBeta() != 0;
    double lockedGamma = locked ? norm.getGamma() : 1;
    double lockedBeta = locked ? norm.getBeta() : 0;
    for (int channel = 0; channel < mean.length; channel++) {
      double variance = norm.isUseLogStd() ? Math.pow(10, 2 * spread[channel]) : spread[channel];
      scale[channel] =
          (gamma == null ? lockedGamma : gamma[channel]) / Math.sqrt(variance + norm.getEps());
      shift[channel] = (beta == null ? lockedBeta : beta[channel]) - mean[channel] * scale[channel];
    }
    return new ChannelScaling(scale, shift);
  }

  private static double[] doubles(INDArray values) {
    return values.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  /**
   * Folds it into the convolution whose output it reads. Calculated in double and rounded once.
   *
   * @param weights {@code [out, in, height, width]}
   * @param bias one number a channel; zeros if there was none
   */
  void applyTo(INDArray weights, INDArray bias) {
    double[] products = doubles(weights);
    int inputs = products.length / scale.length;
    for (int i = 0; i < products.length; i++) {
      products[i] *= scale[i / inputs];
    }
    double[] sums = doubles(bias);
    for (int channel = 0; channel < sums.length; channel++) {
      sums[channel] = sums[channel] * scale[channel] + shift[channel];
    }
    assign(weights, products);
    assign(bias, sums);
  }

  private static void assign(INDArray array, double[] values) {
    array.assign(Nd4j.createFromArray(values).reshape('c', array.shape()).castTo(array.dataType()));
  }
}
