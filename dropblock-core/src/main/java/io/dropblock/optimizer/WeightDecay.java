package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.DecoupledDecay;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Weight decay. Coupled, the loss has {@code rate / 2 * sum(w^2)} more, the gradient {@code rate *
 * w}, before any momentum. Decoupled, it goes past the optimiser: a step takes {@code learning rate
 * * rate * w} besides, and the loss is what it was.
 *
 * @param rate at least 0
 * @param groups the parameters that decay
 * @param decoupled whether it is no part of the gradient
 */
public record WeightDecay(double rate, Set<ParameterGroup> groups, boolean decoupled) {

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

  /** Coupled. */
  public WeightDecay(double rate, Set<ParameterGroup> groups) {
    this(rate, groups, false);
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

  /** The same past the optimiser. */
  public WeightDecay asDecoupled() {
    return new WeightDecay(rate, groups, true);
  }

  /** The rate for a group, 0 where it does not decay. */
  public double rateOf(ParameterGroup group) {
    return groups.contains(group) ? rate : 0;
  }

  /** The same for DL4J: none, or one that acts before the updater, or behind it. */
  public List<Regularization> regularizationOf(ParameterGroup group) {
    return regularization(rateOf(group), decoupled);
  }

  /** For DL4J, of parameters with a rate of their own. */
  public static List<Regularization> regularization(double rate, boolean decoupled) {
    if (rate == 0) {
      return List.of();
    }
    return List.of(decoupled ? new DecoupledDecay(rate) : new L2Regularization(rate));
  }
}
