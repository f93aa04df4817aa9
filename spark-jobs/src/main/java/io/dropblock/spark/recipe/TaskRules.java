package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Rules;
import java.util.EnumSet;
import java.util.Set;

/** What a task asks of the other blocks of a recipe. */
final class TaskRules {
  private static final Set<DataRecipe.Transform> OF_PIXELS =
      EnumSet.of(DataRecipe.Transform.SCALE_CROP);
  private static final Set<DataRecipe.Transform> OF_IMAGES =
      EnumSet.complementOf(EnumSet.copyOf(OF_PIXELS));

  private final Rules rules;
  private final TaskRecipe task;

  TaskRules(Rules rules, TaskRecipe task) {
    this.rules = rules;
    this.task = task;
  }

  /** Adds what is wrong to the rules; a block may be null, which others tell. */
  void check(DataRecipe data, ModelRecipe model, DropBlockRecipe dropblock) {
    if (task instanceof TaskRecipe.Segmentation segmentation) {
      if (data != null) {
        ofPixels(data);
      }
      if (model != null) {
        levels(segmentation, model.family());
      }
      if (dropblock != null) {
        rules.must(
            "dropblock.sites",
            dropblock.sites(),
            "not have head where task.head_convolutions is 0",
            sites -> segmentation.headConvolutions() > 0 || !hasHead(sites));
      }
    } else {
      if (data != null) {
        transform(data, OF_IMAGES, "pad-crop or random-resized-crop for task classification");
      }
      if (dropblock != null) {
        rules.must(
            "dropblock.sites",
            dropblock.sites(),
            "not have head, which is for task segmentation only",
            sites -> !hasHead(sites));
      }
    }
  }

  private static boolean hasHead(Set<DropBlockRecipe.Site> sites) {
    return sites.contains(DropBlockRecipe.Site.HEAD);
  }

  private void ofPixels(DataRecipe data) {
    transform(data, OF_PIXELS, "scale-crop for task segmentation");
    rules
        .must(
            "data.classes",
            data.classes(),
            "be at most 255 for task segmentation",
            classes -> classes <= 255)
        .must("data.auto_augment", data.autoAugment(), "be false for task segmentation", a -> !a)
        .must("data.cutout", data.cutout(), "be 0 for task segmentation", c -> c == 0);
  }

  private void transform(DataRecipe data, Set<DataRecipe.Transform> allowed, String rule) {
    rules.must("data.transform", data.transform(), "be " + rule, allowed::contains);
  }

  /** A family's levels are the ends of its groups, from 2 on; no group may lie behind the last. */
  private void levels(TaskRecipe.Segmentation segmentation, ModelRecipe.Family family) {
    int last = family.groups() + 1;
    rules.must(
        "task.last_level",
        segmentation.lastLevel(),
        "be " + last + ", the last of this model.family",
        level -> level == last);
  }
}
