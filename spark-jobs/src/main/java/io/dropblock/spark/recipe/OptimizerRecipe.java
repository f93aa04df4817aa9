package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import io.dropblock.spark.recipe.yaml.Tagged;

/** How gradients become an update. */
@Tagged
public sealed interface OptimizerRecipe {

  /**
   * Gradient descent with momentum.
   *
   * @param momentum share of the velocity that each step keeps, at least 0 and below 1
   * @param nesterov whether the step looks ahead (Nesterov), as for the paper's classification; its
   *     detection and segmentation have plain momentum. Yes if left out
   */
  record Momentum(double momentum, @Default("true") boolean nesterov) implements OptimizerRecipe {

    /**
     * @throws RecipeException if the momentum is out of range
     */
    public Momentum {
      new Rules("train.optimizer")
          .must("momentum", momentum, "be at least 0 and below 1", m -> m >= 0 && m < 1)
          .check();
    }
  }
}
