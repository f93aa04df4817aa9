package io.dropblock.spark.recipe;

import io.dropblock.schedule.Schedule;
import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import java.util.Optional;

/**
 * How the network is trained, on a number of ranks.
 *
 * @param epochs passes over the training set
 * @param localBatch images that a rank computes at a time
 * @param slots micro-batches of {@code local_batch} images in a step, which ranks share out: the
 *     images of a step are {@code slots * local_batch}, the same on any number of ranks. 0 leaves
 *     it to world and accumulation
 * @param accumulation without slots, how often a rank computes in a step, adding up the gradients.
 *     The images of a step are then {@code world * local_batch * accumulation}
 * @param world number of ranks; 0 for as many as there are task slots, but no more than {@code
 *     slots}
 * @param learningRate over the whole training; epochs that it names lie within it
 * @param optimizer how gradients become an update
 * @param clipNorm length to which the gradient of a step is cut, of all trained parameters as one
 *     vector; 0 for none
 * @param weightDecay what draws parameters to 0. {@code weight_decay: 1.0e-4} is short for its rate
 * @param freezeFirstConvolution whether the convolution that reads the image stays as it is,
 *     without update or decay, as in the paper's code for segmentation and detection
 * @param movingAverage a moving average of the weights beside them; none if left out
 * @param averaging how ranks meet
 * @param evaluateEvery epochs between two evaluations
 * @param keepCheckpoints latest checkpoints that stay on disk
 * @param checkpointEvery steps between two checkpoints within an epoch, 0 for none
 * @param prefetch batches that a rank holds ready
 */
public record TrainRecipe(
    int epochs,
    int localBatch,
    @Default("0") int slots,
    @Default("1") int accumulation,
    int world,
    Schedule learningRate,
    OptimizerRecipe optimizer,
    @Default("0") double clipNorm,
    WeightDecayRecipe weightDecay,
    @Default("false") boolean freezeFirstConvolution,
    Optional<MovingAverageRecipe> movingAverage,
    AveragingRecipe averaging,
    int evaluateEvery,
    int keepCheckpoints,
    @Default("250") int checkpointEvery,
    int prefetch) {

  /**
   * @throws RecipeException with everything that is out of range
   */
  public TrainRecipe {
    Schedule rates = learningRate;
    int run = epochs;
    Rules rules =
        new Rules("train")
            .must("epochs", epochs, "be positive", n -> n > 0)
            .must("local_batch", localBatch, "be positive", n -> n > 0)
            .must("accumulation", accumulation, "be positive", n -> n > 0)
            .must(
                "slots",
                slots,
                "be positive, or 0 for as many as world and accumulation make",
                n -> n >= 0)
            .must("world", world, "be positive, or 0 for all task slots", n -> n >= 0)
            .must(
                "learning_rate",
                learningRate,
                "be at least 0 from start to end",
                rate -> rate.lowest() >= 0)
            .must("optimizer", optimizer, "be given", o -> true)
            .must("clip_norm", clipNorm, "be at least 0, which is none", norm -> norm >= 0)
            .must(
                "clip_norm",
                clipNorm,
                "be 0 or a float above it",
                norm -> norm <= 0 || norm.floatValue() > 0 && Float.isFinite(norm.floatValue()))
            .must("weight_decay", weightDecay, "be given", d -> true)
            .must("averaging", averaging, "be given", a -> true)
            .must("evaluate_every", evaluateEvery, "be positive", n -> n > 0)
            .must("keep_checkpoints", keepCheckpoints, "be positive", n -> n > 0)
            .must("checkpoint_every", checkpointEvery, "be positive, or 0 for none", n -> n >= 0)
            .must("prefetch", prefetch, "be positive", n -> n > 0);
    if (rates != null && run > 0) {
      rules.passes("learning_rate", () -> rates.over(run));
    }
    if (slots > 0) {
      requireSlots(rules, slots, accumulation, world, averaging);
    }
    if (averaging != null && averaging.every() > 0 && movingAverage.isPresent()) {
      int meet = averaging.every();
      rules.must(
          "moving_average.every",
          movingAverage.get().every(),
          "be a multiple of train.averaging.every, "
              + meet
              + ", as ranks have different weights in between",
          every -> every % meet == 0);
    }
    rules.check();
  }

  private static void requireSlots(
      Rules rules, int slots, int accumulation, int world, AveragingRecipe averaging) {
    rules
        .must(
            "accumulation",
            accumulation,
            "be left out beside train.slots, which are all micro-batches of a step: multiply them, or set train.slots to 0",
            n -> n <= 1)
        .must(
            "world",
            world,
            "be at most train.slots, "
                + slots
                + ", as each rank trains a slot or more: lower it, or raise train.slots and lower"
                + " train.local_batch",
            n -> n <= slots);
    if (averaging != null && averaging.bindsWorld()) {
      rules.must(
          "world",
          world,
          "divide train.slots, " + slots + ", as ranks go own ways between two averagings",
          n -> n <= 0 || n > slots || slots % n == 0);
    }
  }
}
