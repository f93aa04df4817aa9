package io.dropblock.spark.cli.assembly;

import io.dropblock.model.Architecture;
import io.dropblock.spark.data.feed.Preprocessing;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.recipe.OptimizerRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import io.dropblock.spark.recipe.WeightDecayRecipe.Parameters;
import io.dropblock.spark.recipe.yaml.Problem;
import io.dropblock.spark.recipe.yaml.RecipeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What one task makes of a recipe. */
interface Assembly {

  /**
   * That of the recipe's task.
   *
   * @throws RecipeException if no part does what the recipe asks for
   */
  static Assembly of(Recipe recipe) {
    requireParts(recipe);
    return recipe.task() instanceof TaskRecipe.Segmentation task
        ? new SegmentationAssembly(recipe, task)
        : new ClassificationAssembly(recipe, (TaskRecipe.Classification) recipe.task());
  }

  /** What recipes can say and no part can do; each goes with the part that comes. */
  private static void requireParts(Recipe recipe) {
    List<Problem> missing = new ArrayList<>();
    if (recipe.train().optimizer() instanceof OptimizerRecipe.Momentum momentum
        && !momentum.nesterov()) {
      missing.add(Problem.must("train.optimizer.nesterov", "be true in this version", false));
    }
    Set<Parameters> decayed = recipe.train().weightDecay().of();
    if (recipe.train().weightDecay().rate() > 0
        && !decayed.equals(Set.of(Parameters.KERNELS, Parameters.BIASES))) {
      missing.add(
          Problem.must("train.weight_decay.of", "be [kernels, biases] in this version", decayed));
    }
    if (!missing.isEmpty()) {
      throw new RecipeException("Cannot use recipe " + recipe.name(), missing);
    }
  }

  /** The network. */
  Architecture architecture();

  /**
   * What it learns, and how it is measured.
   *
   * @param manifest of the data set
   */
  Objective<?> objective(DatasetManifest manifest);

  /** From a record to a square and its target. */
  Preprocessing training();

  /** The same without chance; takes the same kind of image. */
  Preprocessing evaluation();

  /**
   * Looks whether the images are such as {@link #training} takes.
   *
   * @param data folder of the data set, which is for this task
   * @throws io.dropblock.spark.data.DataException that says what to do
   */
  void requireFit(Path data, DatasetManifest manifest, Configuration configuration);
}
