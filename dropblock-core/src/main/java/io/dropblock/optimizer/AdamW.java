package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.AdamSettings;
import io.dropblock.optimizer.settings.InRange;

/**
 * {@link Adam} with a decay past the optimiser (Loshchilov and Hutter 2019, arXiv 1711.05101), in
 * the form of PyTorch's {@code AdamW}, where the rate is a factor of it:
 *
 * <pre>{@code
 * w = w * (1 - rate * decay)
 * w = w - Adam's step by the gradient alone
 * }</pre>
 *
 * <p>The decay is no part of the loss, and so of no score.
 *
 * @param beta1 share of the mean of gradients that each step keeps, in [0, 1)
 * @param beta2 share of the mean of their squares that each step keeps, in [0, 1)
 * @param epsilon outside of the root, above 0
 * @param decay the weight decay; {@linkplain WeightDecay#decoupled decoupled}, whatever it was
 */
public record AdamW(double beta1, double beta2, double epsilon, WeightDecay decay)
    implements Optimizer {

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public AdamW {
    InRange.share("beta1", beta1);
    InRange.share("beta2", beta2);
    InRange.epsilon(epsilon);
    decay = decay.asDecoupled();
  }

  @Override
  public AdamSettings updater() {
    return new AdamSettings(beta1, beta2, epsilon);
  }
}
