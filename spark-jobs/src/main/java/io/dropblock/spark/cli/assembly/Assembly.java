package io.dropblock.spark.cli.assembly;

import io.dropblock.model.Architecture;
import io.dropblock.spark.data.feed.Preprocessing;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.recipe.Recipe;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** What one task makes of a recipe. */
interface Assembly {

  /**
   * That of the recipe's task.
   *
   * @throws io.dropblock.spark.recipe.yaml.RecipeException if no part does what the recipe asks for
   */
  static Assembly of(Recipe recipe) {
    MissingParts.refuse(recipe);
    return new ClassificationAssembly(recipe);
  }

  /** The network, but for what it sees and how it is trained. */
  Architecture architecture();

  /** The whole network, ready to be trained. */
  ComputationGraphConfiguration configuration();

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
