package io.dropblock.spark.cli.assembly;

import io.dropblock.exchange.onnx.ClassificationEnding;
import io.dropblock.model.Architecture;
import io.dropblock.model.BroughtClassificationHead;
import io.dropblock.model.BroughtTrunk;
import io.dropblock.model.ClassificationHead;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.image.CentralFraction;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.InceptionCrop;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import io.dropblock.spark.data.image.augment.AugmentPolicy;
import io.dropblock.spark.data.image.augment.Augmentation;
import io.dropblock.spark.data.image.augment.AutoAugment;
import io.dropblock.spark.data.image.augment.ColorDistortion;
import io.dropblock.spark.data.image.augment.Cutout;
import io.dropblock.spark.data.image.augment.RandAugment;
import io.dropblock.spark.data.image.augment.RandomErasing;
import io.dropblock.spark.data.image.augment.TrivialAugment;
import io.dropblock.spark.data.image.mix.BatchMix;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.objective.ClassificationByClass;
import io.dropblock.spark.predict.ClassificationInference;
import io.dropblock.spark.recipe.AugmentRecipe;
import io.dropblock.spark.recipe.DataRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import java.util.List;
import java.util.Optional;
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
    if (arguments.isBrought()) {
      BroughtTrunk trunk = arguments.brought();
      return new Architecture(
          trunk, new BroughtClassificationHead(trunk, task.labelSmoothing()), arguments.norms());
    }
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
  public ClassificationEnding ending(boolean suppress) {
    if (suppress) {
      throw new IllegalArgumentException("its network finds no objects");
    }
    return new ClassificationEnding(recipe.data().classes());
  }

  @Override
  public Classification objective(DatasetManifest manifest) {
    return new Classification(recipe.data().classes(), architecture().head().outputs().size());
  }

  @Override
  public ClassificationByClass byClass(DatasetManifest manifest) {
    return new ClassificationByClass(objective(manifest), manifest.classes());
  }

  /**
   * Cutout behind the policy, as in {@code tensorflow/models: research/autoaugment/data_utils.py},
   * erasing behind normalisation, as in torchvision's {@code references/classification/presets.py}.
   */
  @Override
  public ClassPreprocessing training(DatasetManifest manifest) {
    DataRecipe data = recipe.data();
    ImageTransform transform =
        policy(data.augmentation())
            .<ImageTransform>map(policy -> new Augmentation(crop(data), policy))
            .orElseGet(() -> crop(data));
    if (data.cutout() > 0) {
      transform = new Cutout(transform, data.cutout(), CUTOUT_GREY);
    }
    if (data.randomErasing() > 0) {
      transform = new RandomErasing(transform, data.randomErasing());
    }
    return new ClassPreprocessing(transform, BatchMix.of(data.mixup(), data.cutmix()));
  }

  private static ImageTransform crop(DataRecipe data) {
    return switch (data.transform()) {
      case PAD_CROP -> new PadCrop(data.size(), data.pad().orElseThrow(), data.flip());
      case RANDOM_RESIZED_CROP ->
          new RandomResizedCrop(
              data.size(), data.flip(), Resampling.BICUBIC, data.scaledDecoding());
      case INCEPTION_CROP -> new ColorDistortion(new InceptionCrop(data.size(), data.flip()));
      case SCALE_CROP -> throw ofAnotherTask();
    };
  }

  private static Optional<AugmentPolicy> policy(AugmentRecipe augment) {
    return switch (augment.policy()) {
      case NONE -> Optional.empty();
      case AUTO_AUGMENT -> Optional.of(AutoAugment.V0);
      case RAND_AUGMENT -> Optional.of(new RandAugment(augment.operations(), augment.magnitude()));
      case TRIVIAL_AUGMENT -> Optional.of(new TrivialAugment());
    };
  }

  @Override
  public ClassPreprocessing evaluation() {
    DataRecipe data = recipe.data();
    int size = data.evaluationSize().orElse(data.size());
    return new ClassPreprocessing(
        switch (data.transform()) {
          case PAD_CROP -> PadCrop.unpadded(size);
          case RANDOM_RESIZED_CROP ->
              data.evaluationResize()
                  .map(resize -> new CentreCrop(size, resize))
                  .orElseGet(() -> new CentreCrop(size));
          case INCEPTION_CROP -> new CentralFraction(size);
          case SCALE_CROP -> throw ofAnotherTask();
        });
  }

  @Override
  public Optional<Classifier> classifier() {
    NetworkArguments arguments = new NetworkArguments(recipe);
    // where it has its last maps, and whether their means are what is told apart, nobody knows
    return arguments.isBrought()
        ? Optional.empty()
        : Optional.of(new Classifier(arguments, architecture(), ofAnySize()));
  }

  /** Where images are taken as they are, their centre square is scaled to the recipe's size. */
  private ImageTransform ofAnySize() {
    ImageTransform transform = evaluation().transform();
    int size = transform.size();
    return transform instanceof PadCrop ? new CentreCrop(size, size) : transform;
  }

  @Override
  public ClassificationInference inference(
      List<String> classes, List<Integer> categoryIds, int top) {
    return new ClassificationInference(
        ofAnySize(), new NetworkArguments(recipe).normalization(), classes, top);
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
