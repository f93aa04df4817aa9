package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.preflight.Need;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.ring.SumOrder;

/** What a rank of a recipe needs. */
final class RecipeNeed {
  /** Channels of an image, and bytes of a number. */
  private static final long PIXEL = 3L * Float.BYTES;

  private RecipeNeed() {}

  /**
   * Of a rank.
   *
   * @param world number of ranks, 1 or more
   * @param order in which they sum
   */
  static Need of(Recipe recipe, RecipeParts parts, int world, SumOrder order) {
    TrainRecipe train = recipe.train();
    long parameters = parts.summary().trainableParameters();
    long kept = KeptGradients.arrays(train, world, order);
    long image = PIXEL * parts.image().height() * parts.image().width();
    return new Need(
        parameters,
        parts.numbersInTraining(),
        (1 + kept) * parameters,
        parts.summary().activations() * train.localBatch(),
        (train.prefetch() + 1) * train.localBatch() * image,
        train.keepCheckpoints());
  }
}
