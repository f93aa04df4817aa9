package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;

/**
 * How ranks meet.
 *
 * @param every steps between two averagings of ranks. On a ring, 1 averages gradients before the
 *     update, which is the step of the large batch but for batch normalisation; more averages
 *     parameters and all that the optimizer keeps
 * @param master who averages
 * @param wire how numbers travel on a ring
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
   * Whether the result depends on the number of ranks, which go own ways between two averagings.
   */
  public boolean bindsWorld() {
    return every > 1 || master == Master.STOCK;
  }

  /**
   * @throws RecipeException if {@code every} is not positive
   */
  public AveragingRecipe {
    new Rules("train.averaging").must("every", every, "be positive", n -> n > 0).check();
  }
}
