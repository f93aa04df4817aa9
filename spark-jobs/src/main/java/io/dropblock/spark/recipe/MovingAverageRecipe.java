package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;

/**
 * The moving average of the weights, moving statistics of batch normalisation included.
 *
 * @param decay what the average keeps of itself at an update, once there were many: {@code
 *     min(decay, (1 + updates) / (10 + updates))}
 * @param every steps between two updates, counted within each epoch
 * @param evaluate what is measured behind an epoch
 */
public record MovingAverageRecipe(
    double decay, @Default("1") int every, @Default("average") Weights evaluate) {

  /** What an evaluation measures. */
  public enum Weights {
    /** The average alone. */
    AVERAGE,
    /**
     * The average, by which the best epoch is told, and the weights beside it, as {@code raw top-1}
     * and so on.
     */
    BOTH
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public MovingAverageRecipe {
    new Rules("train.moving_average")
        .must("decay", decay, "be at least 0 and below 1", d -> d >= 0 && d < 1)
        .must("every", every, "be positive", n -> n > 0)
        .must("evaluate", evaluate, "be given", e -> true)
        .check();
  }
}
