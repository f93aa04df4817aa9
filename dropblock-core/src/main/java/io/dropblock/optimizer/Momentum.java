package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.InRange;

/**
 * Stochastic gradient descent with momentum, plain or Nesterov's:
 *
 * <pre>{@code
 * g = gradient + decay * w
 * v = momentum * v + g
 * w = w - rate * v                    plain
 * w = w - rate * (g + momentum * v)   Nesterov's
 * }</pre>
 *
 * <p>So do TensorFlow's {@code MomentumOptimizer} and PyTorch's {@code SGD} without dampening. The
 * rate is no part of the velocity, so that a drop of it acts at once. DL4J's {@code Nesterovs}
 * keeps it there: equal while the rate is constant, and for about {@code 1 / (1 - momentum)} steps
 * after a drop its steps are larger.
 *
 * @param momentum share of the velocity that each step keeps, in [0, 1)
 * @param nesterov whether a step looks ahead
 * @param decay the weight decay
 */
public record Momentum(double momentum, boolean nesterov, WeightDecay decay) implements Optimizer {

  /**
   * @throws IllegalArgumentException if the momentum is out of range
   */
  public Momentum {
    InRange.share("momentum", momentum);
  }

  @Override
  public MomentumSettings updater() {
    return new MomentumSettings(momentum, nesterov);
  }
}
