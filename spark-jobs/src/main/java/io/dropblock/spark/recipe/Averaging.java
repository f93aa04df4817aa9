package io.dropblock.spark.recipe;

/**
 * How often ranks meet.
 *
 * @param every steps between two averagings of parameters and updater state; with 1, and an updater
 *     that is linear in the gradient as ours is, that is the large-batch step but for batch
 *     normalisation
 */
public record Averaging(int every) {

  /**
   * @throws RecipeException if it is not positive
   */
  public Averaging {
    new Rules("train.averaging").must("every", every, "be positive", n -> n > 0).check();
  }
}
