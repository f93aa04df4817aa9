package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.recipe.yaml.RecipeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused of detection. */
class DetectionProblemsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "task.padding=void | task.padding is for task segmentation only",
        "task.first_level=1 | task.first_level must be at least 2, not 1",
        "task.first_level=6 | task.first_level must be at most 5, the last of this model.family, not 6",
        "task.last_level=2 | task.last_level must be at least task.first_level and at most 12, not 2",
        "task.last_level=13 | task.last_level must be at least task.first_level and at most 12, not 13",
        "task.last_level=4 | task.last_level must be at least 5, the last of this model.family, not 4",
        "task.pyramid_filters=0 | task.pyramid_filters must be positive, not 0",
        "task.head_filters=0 | task.head_filters must be positive, not 0",
        "task.head_convolutions=-1 | task.head_convolutions must be at least 0, not -1",
        "task.anchor_scale=0 | task.anchor_scale must be above 0 and at most 64, not 0.0",
        "task.anchor_scale=65 | task.anchor_scale must be above 0 and at most 64, not 65.0",
        "task.category_ids=-1 | task.category_ids must be positive, or 0 for none, not -1",
        "task.category_ids=79 | task.category_ids must be 0 or at least data.classes, 80, not 79",
        "task.score_threshold=1 | task.score_threshold must be at least 0 and below 1, not 1.0",
        "task.max_detections=0 | task.max_detections must be positive, not 0",
        "data.size=600 | data.size must be a multiple of 32 for this model.family in task detection, not 600",
        "data.augment=trivial-augment | data.augment must be none for task detection, not 'trivial-augment'",
        "data.random_erasing=0.1 | data.random_erasing must be 0 for task detection, not 0.1",
        "data.mixup=0.2 | data.mixup must be 0 for task detection, not 0.2",
        "data.cutmix=1 | data.cutmix must be 0 for task detection, not 1.0",
        "data.evaluation_size=48 | data.evaluation_size must be left out for transform scale-crop, not 48",
        "data.evaluation_resize=48 | data.evaluation_resize must be left out for transform scale-crop, not 48",
        "data.cutout=5 | data.cutout must be 0 for task detection, not 5",
        "data.scale= | data.scale must be 2 ascending numbers above 0 and at most 8 for transform scale-crop, not nothing",
        "dropblock.kind=drop-path | dropblock.sites must be branch alone for kind drop-path, not [branch, skip]"
      })
  void detectionHasRulesOfItsOwn(String override, String problem) {
    String recipe = "coco-retinanet-r50-fpn-dropblock";
    assertThatThrownBy(() -> Recipe.load(recipe, List.of(override)))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot load recipe " + recipe + ": " + problem);
  }

  @Test
  void detectionsHeadDropsWhereItHasConvolutions() {
    List<String> head = List.of("dropblock.sites=[branch, head]", "task.head_convolutions=0");
    Recipe.load("shapes-detection", head.subList(0, 1));
    assertThatThrownBy(() -> Recipe.load("shapes-detection", head))
        .hasMessageEndingWith(
            "dropblock.sites must not have head where task.head_convolutions is 0, not [branch,"
                + " head]");
  }

  /** Each rank has other weights in between, and so another average. */
  @Test
  void detectionTakesOneClass() {
    assertThat(Recipe.load("shapes-detection", List.of("data.classes=1")).data().classes())
        .isEqualTo(1);
    assertThatThrownBy(() -> Recipe.load("shapes-segmentation", List.of("data.classes=1")))
        .hasMessageEndingWith("data.classes must be at least 2 for task segmentation, not 1");
  }
}
