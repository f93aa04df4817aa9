package io.dropblock.spark.cli.assembly;

import io.dropblock.exchange.onnx.OnnxEnding;
import io.dropblock.model.Architecture;
import io.dropblock.spark.data.feed.Preprocessing;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.predict.Inference;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What one task makes of a recipe. */
interface Assembly {

  /** That of the recipe's task. */
  static Assembly of(Recipe recipe) {
    if (recipe.task() instanceof TaskRecipe.Segmentation task) {
      return new SegmentationAssembly(recipe, task);
    }
    if (recipe.task() instanceof TaskRecipe.Detection task) {
      return new DetectionAssembly(recipe, task);
    }
    return new ClassificationAssembly(recipe, (TaskRecipe.Classification) recipe.task());
  }

  /** Of which kind the annotations of a data set must be. */
  AnnotationKind kind();

  /** The network. */
  Architecture architecture();

  /**
   * What it learns, and how it is measured.
   *
   * @param manifest of the data set, which {@link #requireFit} has passed
   */
  Objective<?> objective(DatasetManifest manifest);

  /**
   * The same, measured for each class, too, where that takes more.
   *
   * @param manifest of the data set, which {@link #requireFit} has passed
   */
  default Objective<?> byClass(DatasetManifest manifest) {
    return objective(manifest);
  }

  /**
   * What the network says of each image, to be written; empty where there is no file for it.
   *
   * @param manifest of the data set, which {@link #requireFit} has passed
   */
  default Optional<Results> results(DatasetManifest manifest) {
    return Optional.empty();
  }

  /** The network for those who take it apart; empty where it does not give an image one class. */
  default Optional<Classifier> classifier() {
    return Optional.empty();
  }

  /**
   * What an ONNX model makes of the network's outputs.
   *
   * @param suppress whether it leaves one box for each object
   * @throws IllegalArgumentException if there are no boxes and it is to, as the end of a sentence
   */
  OnnxEnding ending(boolean suppress);

  /**
   * How the network is asked about images of which nothing is known.
   *
   * @param classes names by number
   * @param categoryIds of the classes, by number, as COCO has them; empty if they have none
   * @param top how many classes are told of an image that is given one class
   */
  Inference inference(List<String> classes, List<Integer> categoryIds, int top);

  /**
   * From a record to a square and its target.
   *
   * @param manifest of the data set, which {@link #requireFit} has passed
   */
  Preprocessing training(DatasetManifest manifest);

  /** The same without chance; takes the same kind of image. */
  Preprocessing evaluation();

  /**
   * Looks whether images and annotations are such as {@link #training} takes.
   *
   * @param data folder of the data set, which is for this task
   * @throws io.dropblock.spark.data.DataException that says what to do
   */
  void requireFit(Path data, DatasetManifest manifest, Configuration configuration);
}
