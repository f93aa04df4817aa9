package io.dropblock.spark.cli;

import io.dropblock.model.NetworkSummary;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.AveragingRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.ring.WireFormat;

/**
 * What a recipe says of its costs.
 *
 * @param title of the network
 * @param parameters that a step sums, moving statistics included
 * @param multiplyAdds of an image forward
 * @param slots of a step
 * @param localBatch images of a slot
 * @param epochs of the run
 * @param wire how gradients travel
 * @param checkpointEvery steps between two checkpoints within an epoch, 0 for none
 * @param evaluateEvery epochs between two evaluations
 */
record ScalingNetwork(
    String title,
    long parameters,
    long multiplyAdds,
    int slots,
    int localBatch,
    int epochs,
    WireFormat wire,
    int checkpointEvery,
    int evaluateEvery) {
  /** Of ResNet-50 at 224 x 224, with its moving statistics. */
  private static final long RESNET50 = 25_557_032L + 53_120;

  private static final long RESNET50_MULTIPLY_ADDS = 4_089_184_256L;

  /** What is predicted without a recipe: ResNet-50 in 512 slots of 4 images, 90 epochs. */
  static ScalingNetwork resNet50() {
    return new ScalingNetwork(
        "ResNet-50", RESNET50, RESNET50_MULTIPLY_ADDS, 512, 4, 90, WireFormat.EXACT, 250, 1);
  }

  /**
   * Of a recipe.
   *
   * @throws RecipeException if it averages otherwise than in each step, or leaves its steps to the
   *     number of ranks
   */
  static ScalingNetwork of(Recipe recipe) {
    TrainRecipe train = recipe.train();
    if (train.averaging().bindsWorld()) {
      throw new RecipeException(
          "Cannot predict " + recipe.name(),
          "train.averaging must be on the ring in every step (every: 1, master: ring)");
    }
    if (train.slots() == 0) {
      throw new RecipeException(
          "Cannot predict " + recipe.name(),
          "train.slots is 0, so that its steps depend on the number of ranks; set train.slots");
    }
    RecipeParts parts = new RecipeParts(recipe);
    NetworkSummary network = parts.summary();
    return new ScalingNetwork(
        parts.title(),
        network.trainableParameters() + network.movingStatistics(),
        network.multiplyAdds(),
        train.slots(),
        train.localBatch(),
        train.epochs(),
        train.averaging().wire() == AveragingRecipe.Wire.EXACT
            ? WireFormat.EXACT
            : WireFormat.BFLOAT16,
        train.checkpointEvery(),
        train.evaluateEvery());
  }
}
