package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.AdamSettings;
import io.dropblock.optimizer.settings.InRange;

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) with a decay that is a part of the
 * gradient:
 *
 * <pre>{@code
 * g = gradient + decay * w
 * m = beta1 * m + (1 - beta1) * g       begins at 0
 * v = beta2 * v + (1 - beta2) * g^2     begins at 0
 * w = w - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * <p>So does PyTorch's {@code Adam}. {@code t} is 1 in the first step; it is the network's
 * iteration and 1 more, so that it comes back with a checkpoint. DL4J's and TensorFlow's {@code
 * Adam} add their epsilon to {@code sqrt(v)}.
 *
 * @param beta1 share of the mean of gradients that each step keeps, in [0, 1)
 * @param beta2 share of the mean of their squares that each step keeps, in [0, 1)
 * @param epsilon outside of the root, above 0
 * @param decay the weight decay
 */
public record Adam(double beta1, double beta2, double epsilon, WeightDecay decay)
    implements Optimizer {

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public Adam {
    InRange.share("beta1", beta1);
    InRange.share("beta2", beta2);
    InRange.epsilon(epsilon);
  }

  @Override
  public AdamSettings updater() {
    return new AdamSettings(beta1, beta2, epsilon);
  }
}
