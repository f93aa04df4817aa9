package io.dropblock.spark.cli.assembly;

import io.dropblock.model.Architecture;
import io.dropblock.model.ClassificationHead;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.image.AutoAugment;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Cutout;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.recipe.DataRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One class an image.
 *
 * @param recipe the recipe
 * @param task its task
 */
record ClassificationAssembly(Recipe recipe, TaskRecipe.Classification task) implements Assembly {
  private static final int CUTOUT_GREY = 128;

  @Override
  public ClassLabelKind kind() {
    return new ClassLabelKind();
  }

  @Override
  public Architecture architecture() {
    NetworkArguments arguments = new NetworkArguments(recipe);
    return new Architecture(
        arguments.trunk(),
        new ClassificationHead(
            recipe.data().classes(),
            task.labelSmoothing(),
            arguments.keepProbability(),
            arguments.auxiliary()),
        arguments.norms());
  }

  @Override
  public Classification objective(DatasetManifest manifest) {
    return new Classification(recipe.data().classes(), architecture().head().outputs().size());
  }

  /** Cutout comes last, as in {@code tensorflow/models: research/autoaugment/data_utils.py}. */
  @Override
  public ClassPreprocessing training(DatasetManifest manifest) {
    DataRecipe data = recipe.data();
    ImageTransform transform = crop(data);
    if (data.autoAugment()) {
      transform = new AutoAugment(transform);
    }
    return new ClassPreprocessing(
        data.cutout() > 0 ? new Cutout(transform, data.cutout(), CUTOUT_GREY) : transform);
  }

  private static ImageTransform crop(DataRecipe data) {
    return switch (data.transform()) {
      case PAD_CROP -> new PadCrop(data.size(), data.pad().orElseThrow(), data.flip());
      case RANDOM_RESIZED_CROP ->
          new RandomResizedCrop(
              data.size(), data.flip(), Resampling.BICUBIC, data.scaledDecoding());
      case SCALE_CROP -> throw ofAnotherTask();
    };
  }

  @Override
  public ClassPreprocessing evaluation() {
    return new ClassPreprocessing(
        switch (recipe.data().transform()) {
          case PAD_CROP -> PadCrop.unpadded(recipe.data().size());
          case RANDOM_RESIZED_CROP -> new CentreCrop(recipe.data().size());
          case SCALE_CROP -> throw ofAnotherTask();
        });
  }

  private static IllegalStateException ofAnotherTask() {
    return new IllegalStateException("Cannot use scale-crop for task classification");
  }

  @Override
  public void requireFit(Path data, DatasetManifest manifest, Configuration configuration) {
    if (recipe.data().transform() == DataRecipe.Transform.PAD_CROP) {
      new FixedSize(data, manifest, configuration).require(recipe.name(), recipe.data().size());
    }
  }
}
