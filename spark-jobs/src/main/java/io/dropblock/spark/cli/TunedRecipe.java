package io.dropblock.spark.cli;

import io.dropblock.spark.recipe.AveragingRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.tune.Setting;
import io.dropblock.spark.tune.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A recipe and the settings that trials change in it. A step keeps its images.
 *
 * @param arguments how it was named
 * @param recipe as it is now
 */
record TunedRecipe(RecipeArguments arguments, Recipe recipe) {

  /**
   * @throws RecipeException if the recipe cannot be tuned
   */
  static TunedRecipe of(RecipeArguments arguments) {
    Recipe recipe = arguments.load();
    TrainRecipe train = recipe.train();
    if (train.averaging().master() != AveragingRecipe.Master.RING) {
      throw refused(
          recipe,
          "train.averaging.master=stock, whose ranks cannot be told to end; set it to ring");
    }
    if (train.slots() == 0) {
      throw refused(
          recipe,
          String.format(
              Locale.ROOT,
              "train.slots=0, as the images of a step then depend on the number of ranks; set it to"
                  + " train.world x train.accumulation%s",
              train.world() > 0 ? ", " + train.world() * train.accumulation() : ""));
    }
    if (train.world() > 0) {
      throw refused(
          recipe,
          String.format(
              Locale.ROOT,
              "train.world=%d, as trials have a rank on each task slot; set it to 0",
              train.world()));
    }
    return new TunedRecipe(arguments, recipe);
  }

  private static RecipeException refused(Recipe recipe, String why) {
    return new RecipeException("Cannot tune recipe " + recipe.name(), why);
  }

  /** What it trains with now. */
  Setting now(Shape shape) {
    TrainRecipe train = recipe.train();
    return new Setting(shape, train.localBatch(), train.slots(), train.prefetch());
  }

  /** The recipe of a trial. */
  Recipe with(Setting setting) {
    return arguments.load(changes(setting));
  }

  /** What is to be set, as {@code --set} has it. */
  List<String> changes(Setting setting) {
    Setting now = now(setting.shape());
    List<String> changes = new ArrayList<>();
    if (setting.localBatch() != now.localBatch()) {
      changes.add("train.local_batch=" + setting.localBatch());
      changes.add("train.slots=" + setting.slots());
    }
    if (setting.prefetch() != now.prefetch()) {
      changes.add("train.prefetch=" + setting.prefetch());
    }
    return changes;
  }
}
