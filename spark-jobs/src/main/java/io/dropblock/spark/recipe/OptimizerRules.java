package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;

/** What must hold of the numbers of an {@link OptimizerRecipe}. */
final class OptimizerRules {
  private final Rules rules = new Rules("train.optimizer");

  /** A share of what was, which a step keeps. */
  OptimizerRules share(String key, double value) {
    rules.must(key, value, "be at least 0 and below 1", share -> share >= 0 && share < 1);
    return this;
  }

  /** What keeps a quotient finite, in networks of floats. */
  OptimizerRules epsilon(double value) {
    rules.must(
        "epsilon",
        value,
        "be a float above 0",
        epsilon -> epsilon.floatValue() > 0 && epsilon.floatValue() < Float.POSITIVE_INFINITY);
    return this;
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  void check() {
    rules.check();
  }
}
