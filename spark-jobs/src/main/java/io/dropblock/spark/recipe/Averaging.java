package io.dropblock.spark.recipe;

/**
 * How often ranks meet.
 *
 * @param every steps between two averagings: 1 averages gradients, which is exactly the large-batch
 *     step; more averages parameters and updater state
 */
public record Averaging(int every) {

  /**
   * @throws RecipeException if it is not positive
   */
  public Averaging {
    new Rules("train.averaging").must("every", every, "be positive", n -> n > 0).check();
  }
}
