package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;

/**
 * How ranks meet.
 *
 * @param every steps between two averagings. On a ring, 1 averages gradients before the update,
 *     which is the large-batch step but for batch normalisation; more averages parameters and
 *     updater state
 * @param master who averages. The ring if left out
 * @param wire how numbers travel on a ring. Exact if left out
 */
public record AveragingRecipe(
    int every, @Default("ring") Master master, @Default("exact") Wire wire) {

  /** Who averages. */
  public enum Master {
    /** The ranks among themselves. */
    RING,
    /** The driver, by dl4j-spark's own master: parameters and updater state. */
    STOCK
  }

  /** How numbers travel on a ring. */
  public enum Wire {
    /** As they are: bit-equal runs, whatever fails. */
    EXACT,
    /** Rounded to 16 bits, half the bytes; sums stay exact. */
    BFLOAT16
  }

  /**
   * @throws RecipeException if {@code every} is not positive
   */
  public AveragingRecipe {
    new Rules("train.averaging").must("every", every, "be positive", n -> n > 0).check();
  }
}
