package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Rules;
import java.util.EnumSet;
import java.util.Set;

/** What a task asks of the other blocks of a recipe. */
final class TaskRules {
  private static final Set<DataRecipe.Transform> OF_PLACES =
      EnumSet.of(DataRecipe.Transform.SCALE_CROP);
  private static final Set<DataRecipe.Transform> OF_IMAGES =
      EnumSet.complementOf(EnumSet.copyOf(OF_PLACES));

  /** Of a network of cells: what the first convolution needs. */
  private static final int LEAST_SIZE_OF_CELLS = 3;

  /**
   * The second classifier reads 5 pixels, after a convolution without padding and three halvings.
   */
  private static final int LEAST_SIZE_WITH_SECOND = 67;

  private final Rules rules;
  private final TaskRecipe task;

  TaskRules(Rules rules, TaskRecipe task) {
    this.rules = rules;
    this.task = task;
  }

  /** Adds what is wrong to the rules; a block may be null, which others tell. */
  void check(DataRecipe data, ModelRecipe model, DropBlockRecipe dropblock) {
    if (task instanceof TaskRecipe.Segmentation segmentation) {
      ofSegmentation(segmentation, data, model, dropblock);
    } else if (task instanceof TaskRecipe.Detection detection) {
      ofDetection(detection, data, model, dropblock);
    } else {
      ofClassification(data, model, dropblock);
    }
  }

  private void ofClassification(DataRecipe data, ModelRecipe model, DropBlockRecipe dropblock) {
    if (data != null && model != null && model.family().hasCells()) {
      boolean second = model.auxiliaryWeight().orElseThrow() > 0;
      int least = second ? LEAST_SIZE_WITH_SECOND : LEAST_SIZE_OF_CELLS;
      rules.must(
          "data.size",
          data.size(),
          "be at least " + least + (second ? " where model.auxiliary_weight is not 0" : ""),
          size -> size >= least);
    }
    if (data != null) {
      transform(
          data,
          OF_IMAGES,
          "pad-crop, random-resized-crop or inception-crop for task classification");
      twoClasses(data, "classification");
    }
    if (dropblock != null) {
      rules.must(
          "dropblock.sites",
          dropblock.sites(),
          "not have head, which is for tasks segmentation and detection only",
          sites -> !sites.contains(DropBlockRecipe.Site.HEAD));
    }
  }

  private void ofSegmentation(
      TaskRecipe.Segmentation segmentation,
      DataRecipe data,
      ModelRecipe model,
      DropBlockRecipe dropblock) {
    if (data != null) {
      ofPlaces(data, "segmentation");
      twoClasses(data, "segmentation");
      rules.must(
          "data.classes",
          data.classes(),
          "be at most 255 for task segmentation",
          classes -> classes <= 255);
    }
    if (model != null && blocks(model, "segmentation")) {
      int last = model.family().lastLevel();
      rules.must(
          "task.last_level",
          segmentation.lastLevel(),
          "be " + last + ", the last of this model.family",
          level -> level == last);
    }
    head(dropblock, segmentation.headConvolutions());
  }

  private void ofDetection(
      TaskRecipe.Detection detection,
      DataRecipe data,
      ModelRecipe model,
      DropBlockRecipe dropblock) {
    if (data != null) {
      ofPlaces(data, "detection");
      rules.must(
          "task.category_ids",
          detection.categoryIds(),
          "be 0 or at least data.classes, " + data.classes(),
          ids -> ids == 0 || ids >= data.classes());
    }
    boolean ofBlocks = model != null && blocks(model, "detection");
    if (ofBlocks) {
      int last = model.family().lastLevel();
      rules
          .must(
              "task.first_level",
              detection.firstLevel(),
              "be at most " + last + ", the last of this model.family",
              level -> level <= last)
          .must(
              "task.last_level",
              detection.lastLevel(),
              "be at least " + last + ", the last of this model.family",
              level -> level >= last);
    }
    if (data != null && ofBlocks) {
      int stride = model.family().stride();
      // what is doubled on the way down must be as large as what it is added to
      rules.must(
          "data.size",
          data.size(),
          "be a multiple of " + stride + " for this model.family in task detection",
          size -> size % stride == 0);
    }
    head(dropblock, detection.headConvolutions());
  }

  /** Whether it has the levels that a pyramid stands on; adds what is wrong if not. */
  private boolean blocks(ModelRecipe model, String of) {
    rules.must(
        "model.family",
        model.family(),
        "be resnet or resnet-cifar for task " + of,
        family -> !family.hasCells() && !family.isBrought());
    return !model.family().hasCells() && !model.family().isBrought();
  }

  private void head(DropBlockRecipe dropblock, int convolutions) {
    if (dropblock != null) {
      rules.must(
          "dropblock.sites",
          dropblock.sites(),
          "not have head where task.head_convolutions is 0",
          sites -> convolutions > 0 || !sites.contains(DropBlockRecipe.Site.HEAD));
    }
  }

  private void ofPlaces(DataRecipe data, String of) {
    transform(data, OF_PLACES, "scale-crop for task " + of);
    rules
        .must("data.augment", data.augment(), "be none for task " + of, "none"::equals)
        .must("data.cutout", data.cutout(), "be 0 for task " + of, c -> c == 0)
        .must("data.random_erasing", data.randomErasing(), "be 0 for task " + of, p -> p == 0)
        .must("data.mixup", data.mixup(), "be 0 for task " + of, alpha -> alpha == 0)
        .must("data.cutmix", data.cutmix(), "be 0 for task " + of, alpha -> alpha == 0);
  }

  private void twoClasses(DataRecipe data, String of) {
    rules.must(
        "data.classes", data.classes(), "be at least 2 for task " + of, classes -> classes >= 2);
  }

  private void transform(DataRecipe data, Set<DataRecipe.Transform> allowed, String rule) {
    rules.must("data.transform", data.transform(), "be " + rule, allowed::contains);
  }
}
