package io.dropblock.optimizer.settings;

/** What optimisers refuse, in one wording. */
public final class InRange {
  private InRange() {}

  /**
   * A share of what was, which a step keeps.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public static double share(String what, double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("Invalid " + what + ": " + share + " is not in [0, 1)");
    }
    return share;
  }

  /**
   * What keeps a quotient finite where all gradients are 0.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite, as a float
   */
  public static double epsilon(double epsilon) {
    if (!((float) epsilon > 0 && (float) epsilon < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid epsilon: " + epsilon + " is not above 0 and finite as a float");
    }
    return epsilon;
  }
}
