package io.dropblock.spark.cli.assembly;

import io.dropblock.model.Architecture;
import io.dropblock.spark.data.feed.Preprocessing;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What one task makes of a recipe. */
interface Assembly {

  /** That of the recipe's task. */
  static Assembly of(Recipe recipe) {
    return recipe.task() instanceof TaskRecipe.Segmentation task
        ? new SegmentationAssembly(recipe, task)
        : new ClassificationAssembly(recipe, (TaskRecipe.Classification) recipe.task());
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
