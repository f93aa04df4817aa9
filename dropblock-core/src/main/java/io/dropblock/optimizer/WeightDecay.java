package io.dropblock.optimizer;

import java.util.List;
import java.util.Set;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Coupled weight decay: the loss has {@code rate / 2 * sum(w^2)} more, the gradient {@code rate *
 * w}, before any momentum.
 *
 * @param rate at least 0
 * @param groups the parameters that decay
 */
public record WeightDecay(double rate, Set<ParameterGroup> groups) {

  /**
   * @throws IllegalArgumentException if the rate is below 0 or not finite, or moving statistics are
   *     to decay
   */
  public WeightDecay {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: " + rate + " is not a finite number of at least 0");
    }
    groups = Set.copyOf(groups);
    if (groups.contains(ParameterGroup.STATISTICS)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: moving statistics are not trained, so they cannot decay");
    }
  }

  /** No decay. */
  public static WeightDecay none() {
    return new WeightDecay(0, Set.of());
  }

  /**
   * All but normalisations, as {@code tensorflow/tpu: models/official/resnet/resnet_main.py} has
   * it. In a ResNet these are the kernels and the last layer's bias.
   */
  public static WeightDecay ofKernelsAndBiases(double rate) {
    return new WeightDecay(rate, Set.of(ParameterGroup.KERNELS, ParameterGroup.BIASES));
  }

  /** The rate for a group, 0 where it does not decay. */
  public double rateOf(ParameterGroup group) {
    return groups.contains(group) ? rate : 0;
  }

  /** The same for DL4J: none, or one that acts before the updater. */
  public List<Regularization> regularizationOf(ParameterGroup group) {
    return regularization(rateOf(group));
  }

  static List<Regularization> regularization(double rate) {
    return rate > 0 ? List.of(new L2Regularization(rate)) : List.of();
  }
}
