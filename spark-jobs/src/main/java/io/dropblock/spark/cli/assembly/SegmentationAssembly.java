package io.dropblock.spark.cli.assembly;

import io.dropblock.exchange.onnx.SegmentationEnding;
import io.dropblock.model.Architecture;
import io.dropblock.model.Pyramid;
import io.dropblock.model.SegmentationHead;
import io.dropblock.spark.data.feed.LabelMapPreprocessing;
import io.dropblock.spark.data.image.Jitter;
import io.dropblock.spark.data.image.SegmentationTransform;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Segmentation;
import io.dropblock.spark.predict.LabelMapInference;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One class a pixel.
 *
 * @param recipe the recipe
 * @param task its task
 */
record SegmentationAssembly(Recipe recipe, TaskRecipe.Segmentation task) implements Assembly {
  private static final int VOID = 255;

  @Override
  public LabelMapKind kind() {
    return new LabelMapKind();
  }

  @Override
  public Architecture architecture() {
    NetworkArguments arguments = new NetworkArguments(recipe);
    return new Architecture(
        arguments.trunk(),
        new SegmentationHead(
            recipe.data().classes(),
            new Pyramid(task.firstLevel(), task.lastLevel(), task.pyramidFilters()),
            task.headFilters(),
            task.headConvolutions()),
        arguments.norms());
  }

  @Override
  public SegmentationEnding ending(boolean suppress) {
    if (suppress) {
      throw new IllegalArgumentException("its network finds no objects");
    }
    return new SegmentationEnding(recipe.data().classes());
  }

  @Override
  public Segmentation objective(DatasetManifest manifest) {
    return new Segmentation(manifest.classes());
  }

  @Override
  public LabelMapPreprocessing training(DatasetManifest manifest) {
    List<Double> scale = recipe.data().scale().orElseThrow();
    int beside =
        switch (task.padding()) {
          case BACKGROUND -> 0;
          case VOID -> VOID;
        };
    SegmentationTransform transform =
        new SegmentationTransform(
            recipe.data().size(),
            new Jitter(recipe.data().flip(), scale.get(0), scale.get(1)),
            true,
            beside);
    return new LabelMapPreprocessing(
        transform, new NetworkArguments(recipe).stride(task.firstLevel()));
  }

  @Override
  public LabelMapPreprocessing evaluation() {
    return new LabelMapPreprocessing(SegmentationTransform.evaluation(recipe.data().size()), 1);
  }

  @Override
  public LabelMapInference inference(List<String> classes, List<Integer> categoryIds, int top) {
    return new LabelMapInference(
        evaluation().transform(), new NetworkArguments(recipe).normalization(), classes);
  }

  /** Images of any size are scaled or padded. */
  @Override
  public void requireFit(Path data, DatasetManifest manifest, Configuration configuration) {}
}
