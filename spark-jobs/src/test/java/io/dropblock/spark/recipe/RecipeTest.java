package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.schedule.Linear;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.recipe.yaml.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {

  @TempDir Path folder;

  @Test
  void everyBundledRecipeLoadsAndBearsItsName() {
    for (String name : Recipe.names()) {
      assertThat(Recipe.load(name, List.of()).name()).isEqualTo(name);
    }
  }

  @Test
  void namesAreTheFilesOfTheFolder() throws Exception {
    Path recipes = Path.of(Recipe.class.getResource("/recipes").toURI());
    try (var files = Files.list(recipes)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted())
          .isEqualTo(Recipe.names());
    }
  }

  @Test
  void everyBundledRecipeIsWrittenAndReadBackAsItself() throws IOException {
    for (String name : Recipe.names()) {
      Recipe recipe = Recipe.load(name, List.of("seed=-9000000000"));
      Path copy = Files.writeString(folder.resolve("recipe.yaml"), recipe.toYaml());
      assertThat(Recipe.load(copy.toString(), List.of())).isEqualTo(recipe);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e-4", "true", "yes", "n", "010", "null", "1_0", "0x1F", "2018-10-30", "1.5"})
  void namesThatLookLikeOtherThingsAreWrittenAsText(String name) throws IOException {
    Recipe recipe = Recipe.load("demo", List.of("name='" + name + "'"));
    Path copy = Files.writeString(folder.resolve("recipe.yaml"), recipe.toYaml());
    assertThat(Recipe.load(copy.toString(), List.of()).name()).isEqualTo(name);
  }

  /** Ghiasi et al. 2018, table 1, and the public code of that month. */
  @Test
  void imageNetRecipeIsThePapers() {
    Recipe recipe = Recipe.load("imagenet-resnet50-dropblock", List.of());

    assertThat(recipe.dropblock())
        .isEqualTo(
            new DropBlockRecipe(
                DropBlockRecipe.Kind.DROPBLOCK,
                Set.of(3, 4),
                Set.of(DropBlockRecipe.Site.BRANCH, DropBlockRecipe.Site.SKIP),
                Optional.empty(),
                7,
                new Linear(1, 0.9),
                4));
    TrainRecipe train = recipe.train();
    assertThat(train.slots() * train.localBatch()).isEqualTo(1024);
    assertThat(recipe.train().epochs()).isEqualTo(270);
    assertThat(recipe.data().mean()).containsExactly(123.675, 116.28, 103.53);
    assertThat(recipe.data().pad()).isEqualTo(Optional.empty());
    assertThat(recipe.data().scaledDecoding()).isFalse();

    assertThat(train.optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.9, true));
    assertThat(train.weightDecay())
        .isEqualTo(
            new WeightDecayRecipe(
                1e-4,
                Set.of(WeightDecayRecipe.Parameters.KERNELS, WeightDecayRecipe.Parameters.BIASES)));

    Schedule rate = recipe.train().learningRate().over(270);
    for (long inEpoch : new long[] {1, 1_251, 1_252}) {
      double total = 270 * inEpoch;
      assertThat(rate.at((5 * inEpoch - 1) / total)).isLessThan(0.4);
      assertThat(rate.at(5 * inEpoch / total)).isEqualTo(0.4);
      assertThat(rate.at((125 * inEpoch - 1) / total)).isEqualTo(0.4);
      assertThat(rate.at(125 * inEpoch / total)).isEqualTo(0.04);
      assertThat(rate.at((200 * inEpoch - 1) / total)).isEqualTo(0.04);
      assertThat(rate.at(200 * inEpoch / total)).isEqualTo(0.004);
      assertThat(rate.at((250 * inEpoch - 1) / total)).isEqualTo(0.004);
      assertThat(rate.at(250 * inEpoch / total)).isEqualTo(0.0004);
    }
  }

  /** Ghiasi et al. 2018, table 4, and the public code of retinanet_segmentation. */
  @Test
  void segmentationRecipesAreThePapers() {
    Recipe scratch = Recipe.load("voc-segmentation-r101-fpn", List.of());
    Recipe drop = Recipe.load("voc-segmentation-r101-fpn-dropblock", List.of());
    Recipe tuned = Recipe.load("voc-segmentation-r101-fpn-finetune", List.of());

    assertThat(scratch.task())
        .isEqualTo(
            new TaskRecipe.Segmentation(
                3, 5, 256, 256, 3, TaskRecipe.Segmentation.Padding.BACKGROUND));
    assertThat(scratch.data().scale()).contains(List.of(0.75, 1.5));
    TrainRecipe train = scratch.train();
    assertThat(train.slots() * train.localBatch()).isEqualTo(64);
    assertThat(train.optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.9, false));
    assertThat(drop.train()).isEqualTo(train);
    assertThat(drop.dropblock().sites()).containsExactly(DropBlockRecipe.Site.HEAD);
    assertThat(drop.dropblock().keepProbability()).isEqualTo(new Linear(1, 0.2));
    // the images are cut into 165 steps an epoch: 10,582 by 64
    Schedule rate = tuned.train().learningRate().over(45);
    assertThat(rate.at(0)).isEqualTo(0.002);
    assertThat(rate.at(165 / 7425.0)).isEqualTo(0.02);
    assertThat(rate.at((25 * 165 - 1) / 7425.0)).isEqualTo(0.02);
    assertThat(rate.at(25 * 165 / 7425.0)).isEqualTo(0.002);
    assertThat(rate.at(35 * 165 / 7425.0)).isEqualTo(0.0002);
    Recipe both = Recipe.load("voc-segmentation-r101-fpn-dropblock-finetune", List.of());
    assertThat(both.dropblock()).isEqualTo(drop.dropblock());
    assertThat(both.train()).isEqualTo(tuned.train());
    assertThat(both.data()).isEqualTo(scratch.data());
  }

  /** Ghiasi et al. 2018, section 4.2 and table 3, and the public code of retinanet. */
  @Test
  void detectionRecipesAreThePapers() {
    Recipe scratch = Recipe.load("coco-retinanet-r50-fpn", List.of());
    Recipe drop = Recipe.load("coco-retinanet-r50-fpn-dropblock", List.of());
    Recipe tuned = Recipe.load("coco-retinanet-r50-fpn-finetune", List.of());

    assertThat(scratch.task())
        .isEqualTo(new TaskRecipe.Detection(3, 7, 256, 256, 4, 4, 90, 0, 100));
    assertThat(scratch.data().scale()).contains(List.of(0.8, 1.2));
    assertThat(scratch.data().size()).isEqualTo(640);
    TrainRecipe train = scratch.train();
    assertThat(train.slots() * train.localBatch()).isEqualTo(64);
    assertThat(train.optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.9, false));
    assertThat(train.weightDecay().rate()).isEqualTo(1e-4);
    assertThat(train.freezeFirstConvolution()).isFalse();
    assertRates(train, List.of(0, 1, 120, 140), List.of(0.008, 0.08, 0.008, 0.0008));
    assertThat(drop.train()).isEqualTo(train);
    assertThat(drop.dropblock())
        .isEqualTo(
            new DropBlockRecipe(
                DropBlockRecipe.Kind.DROPBLOCK,
                Set.of(3, 4),
                Set.of(DropBlockRecipe.Site.BRANCH, DropBlockRecipe.Site.SKIP),
                Optional.empty(),
                5,
                new Linear(1, 0.9),
                4));
    assertThat(tuned.train().freezeFirstConvolution()).isTrue();
    assertThat(tuned.train().epochs()).isEqualTo(28);
    assertRates(tuned.train(), List.of(0, 1, 16, 22), List.of(0.008, 0.08, 0.008, 0.0008));
    assertThat(tuned.data()).isEqualTo(scratch.data());
    assertThat(tuned.model()).isEqualTo(scratch.model());
  }

  /** The rates from the first steps of some epochs on, of 1848 steps each: 118,287 by 64. */
  private static void assertRates(TrainRecipe train, List<Integer> epochs, List<Double> expected) {
    Schedule rate = train.learningRate().over(train.epochs());
    double total = train.epochs() * 1848.0;
    for (int i = 0; i < epochs.size(); i++) {
      long first = epochs.get(i) * 1848L;
      assertThat(rate.at(first / total)).isEqualTo(expected.get(i));
      if (i > 1) {
        assertThat(rate.at((first - 1) / total)).isEqualTo(expected.get(i - 1));
      }
    }
  }

  @Test
  void baselineAndDropBlockDifferInDropBlockOnly() {
    Recipe base = Recipe.load("cifar10-resnet20", List.of());
    Recipe drop = Recipe.load("cifar10-resnet20-dropblock", List.of());

    assertThat(base.dropblock().groups()).isEmpty();
    assertThat(drop)
        .isEqualTo(
            new Recipe(
                drop.name(),
                base.seed(),
                base.task(),
                base.data(),
                base.model(),
                drop.dropblock(),
                base.train()));
    assertThat(drop.dropblock()).isNotEqualTo(base.dropblock());
  }

  @Test
  void overridesWinInTheirOrder() {
    Recipe recipe =
        Recipe.load(
            "cifar10-resnet20",
            List.of(
                "train.epochs=1",
                "train.epochs = 3",
                "dropblock.groups=[3]",
                "dropblock.keep_probability=linear(1, 0.8)",
                "train.averaging={every: 2}",
                "data.mean=[1, 2, 3.5]",
                "name=mine"));

    assertThat(recipe.train().epochs()).isEqualTo(3);
    assertThat(recipe.dropblock().groups()).containsExactly(3);
    assertThat(recipe.dropblock().keepProbability()).isEqualTo(new Linear(1, 0.8));
    assertThat(recipe.train().averaging())
        .isEqualTo(new AveragingRecipe(2, AveragingRecipe.Master.RING, AveragingRecipe.Wire.EXACT));
    assertThat(recipe.data().mean()).containsExactly(1.0, 2.0, 3.5);
    assertThat(recipe.name()).isEqualTo("mine");
  }

  @Test
  void aFileOfOnesOwnGivesOnlyWhatDiffers() throws IOException {
    Path file = folder.resolve("my-run.yml");
    Files.writeString(file, "extends: cifar10-resnet56\ntrain: {epochs: 2}\n");

    Recipe recipe = Recipe.load(file.toString(), List.of());

    assertThat(recipe.name()).isEqualTo("my-run");
    assertThat(recipe.train().epochs()).isEqualTo(2);
    assertThat(recipe.model().depth()).contains(56);
  }

  @Test
  void anEmptyValueTakesAnOptionalKeyAway() {
    Recipe recipe =
        Recipe.load("cifar10-resnet20", List.of("data.transform=random-resized-crop", "data.pad="));

    assertThat(recipe.data().pad()).isEmpty();
  }

  @Test
  void anUnknownNameListsTheBundledOnes() {
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet-20", List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot load recipe cifar10-resnet-20: no bundled recipe has the name"
                + " 'cifar10-resnet-20', did you mean cifar10-resnet20? Bundled are "
                + String.join(", ", Recipe.names())
                + "; for a file of your own give a path that ends in .yaml");
    assertThatThrownBy(() -> Recipe.load("vgg", List.of()))
        .hasMessageStartingWith(
            "Cannot load recipe vgg: no bundled recipe has the name 'vgg'. Bundled are cifar10");
  }
}
