package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.image.AutoAugment;
import io.dropblock.spark.data.image.Cutout;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import io.dropblock.spark.recipe.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  private static ImageTransform transform(String recipe, String... overrides) {
    return new Experiment(Recipe.load(recipe, List.of(overrides))).trainTransform();
  }

  @Test
  void cropsOnlyWhereNothingElseIsAskedFor() {
    assertThat(transform("imagenet-resnet50")).isEqualTo(new RandomResizedCrop(224, true));
    assertThat(transform("cifar10-resnet20")).isEqualTo(new PadCrop(32, 4, true));
  }

  @Test
  void decodesInFullUnlessToldOtherwise() {
    assertThat(transform("imagenet-resnet50", "data.scaled_decoding=true"))
        .isEqualTo(new RandomResizedCrop(224, true, Resampling.BICUBIC, true));
  }

  @Test
  void augmentsBehindTheCropAndCutsOutLast() {
    RandomResizedCrop crop = new RandomResizedCrop(224, true);
    assertThat(transform("imagenet-resnet50", "data.auto_augment=true"))
        .isEqualTo(new AutoAugment(crop));
    assertThat(transform("imagenet-resnet50", "data.cutout=56"))
        .isEqualTo(new Cutout(crop, 56, 128));
    assertThat(transform("imagenet-resnet50", "data.auto_augment=true", "data.cutout=56"))
        .isEqualTo(new Cutout(new AutoAugment(crop), 56, 128));
  }
}
