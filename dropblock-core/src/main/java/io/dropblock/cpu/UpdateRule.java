package io.dropblock.cpu;

/**
 * What the loops of {@link UpdateLoops} make of a gradient {@code g}, its decay added, and of what
 * is kept from step to step, with the numbers of one step.
 */
public sealed interface UpdateRule {

  /** The learning rate. */
  double rate();

  /** Arrays that it keeps, each with an element a parameter. */
  int states();

  /**
   * Keeps a velocity, {@code v = momentum * v + g}, and moves by {@code rate * v} or {@code rate *
   * (g + momentum * v)}.
   *
   * @param rate the learning rate
   * @param momentum share of the velocity that is kept
   * @param nesterov whether the step looks ahead
   */
  record Momentum(double rate, double momentum, boolean nesterov) implements UpdateRule {
    @Override
    public int states() {
      return 1;
    }
  }

  /**
   * Keeps a mean square, {@code s = decay * s + (1 - decay) * g^2}, and what it moves by, {@code m
   * = momentum * m + rate * g / sqrt(s + epsilon)}.
   *
   * @param rate the learning rate
   * @param decay share of the mean square that is kept
   * @param momentum share of the last move that is kept
   * @param epsilon inside of the root
   */
  record RmsProp(double rate, double decay, double momentum, double epsilon) implements UpdateRule {
    @Override
    public int states() {
      return 2;
    }
  }

  /**
   * Keeps two moments, {@code m = beta1 * m + (1 - beta1) * g} and {@code v = beta2 * v + (1 -
   * beta2) * g^2}, and moves by {@code rate * m' / (sqrt(v') + epsilon)}, where {@code m' = m / (1
   * - beta1^step)} and {@code v' = v / (1 - beta2^step)}.
   *
   * @param rate the learning rate
   * @param beta1 share of the first moment that is kept
   * @param beta2 share of the second moment that is kept
   * @param epsilon outside of the root
   * @param step the first is 1
   */
  record Adam(double rate, double beta1, double beta2, double epsilon, long step)
      implements UpdateRule {
    @Override
    public int states() {
      return 2;
    }
  }
}
