package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.recipe.yaml.RecipeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes as older versions wrote them, in run folders and in checkpoints. */
class OldRecipesTest {

  @TempDir Path folder;

  private static String old() {
    try (var in = OldRecipesTest.class.getResourceAsStream("old.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Recipe load(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yaml"), text);
    return Recipe.load(file.toString(), List.of());
  }

  @Test
  void areReadAsWhatTheyWere() throws IOException {
    Recipe recipe = Recipe.parse(old());

    assertThat(recipe.task()).isEqualTo(new TaskRecipe.Classification(0));
    assertThat(recipe.model())
        .isEqualTo(
            new ModelRecipe(
                ModelRecipe.Family.RESNET,
                Optional.empty(),
                Optional.empty(),
                Optional.of(50),
                Optional.of(64),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0.9,
                1e-5,
                false,
                ModelRecipe.MaxPoolPadding.SAME));
    assertThat(recipe.train().optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.9, true));
    assertThat(recipe.train().weightDecay())
        .isEqualTo(
            new WeightDecayRecipe(
                1e-4,
                Set.of(WeightDecayRecipe.Parameters.KERNELS, WeightDecayRecipe.Parameters.BIASES)));
    assertThat(load(old())).isEqualTo(recipe);
    assertThat(Recipe.parse(recipe.toYaml())).isEqualTo(recipe);
    assertThat(recipe.toYaml()).contains("\n  optimizer:\n    kind: \"momentum\"\n");
  }

  /** The rates are the same doubles: TrainingPlanTest. */
  @Test
  void ofABundledRecipeDifferInTheTextOfTheRateAndWhoSharesTheImages() {
    Recipe now = Recipe.load("imagenet-resnet50-dropblock", List.of());

    assertThat(now.changesSince(Recipe.parse(old())))
        .extracting(RecipeChange::key)
        .containsExactly("train.learning_rate", "train.slots", "train.world");
    assertThat(now.train().learningRate().over(270))
        .isEqualTo(Recipe.parse(old()).train().learningRate());
  }

  @Test
  void oldKeysOnANewRecipeChangeWhatTheySay() throws IOException {
    String file =
        "extends: voc-segmentation-r101-fpn\ntrain: {momentum: 0.8, weight_decay: 3e-5}\n";
    Recipe recipe = load(file);
    assertThat(recipe.train().optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.8, false));
    assertThat(recipe.train().weightDecay().rate()).isEqualTo(3e-5);

    Recipe changed =
        Recipe.load(
            "imagenet-resnet50",
            List.of(
                "train.weight_decay=1e-5",
                "train.weight_decay.of=[kernels]",
                "train.optimizer.nesterov=false",
                "train.momentum=0.7"));
    assertThat(changed.train().optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.7, false));
    assertThat(changed.train().weightDecay())
        .isEqualTo(new WeightDecayRecipe(1e-5, Set.of(WeightDecayRecipe.Parameters.KERNELS)));
  }

  @Test
  void autoAugmentIsAWordOfAugment() throws IOException {
    assertThat(Recipe.parse(old()).data().augment()).isEqualTo("none");
    String on = old().replace("auto_augment: false", "auto_augment: true");
    assertThat(Recipe.parse(on).data().augment()).isEqualTo("auto-augment");
    assertThat(load(on).data().augmentation().policy())
        .isEqualTo(AugmentRecipe.Policy.AUTO_AUGMENT);
    Recipe changed =
        Recipe.load(
            "imagenet-resnet50", List.of("data.augment=trivial-augment", "data.auto_augment=true"));
    assertThat(changed.data().augment()).isEqualTo("auto-augment");
    String both = old().replace("auto_augment: false", "auto_augment: false\n  augment: none");
    assertThatThrownBy(() -> Recipe.parse(both))
        .hasMessage(
            "Cannot read recipe: data.auto_augment is the old way to write data.augment: give"
                + " data.augment alone");
  }

  @Test
  void newKeysOfTheDataAreWhatWasDone() {
    DataRecipe data = Recipe.parse(old()).data();
    assertThat(data.evaluationSize()).isEmpty();
    assertThat(data.evaluationResize()).isEmpty();
    assertThat(List.of(data.randomErasing(), data.mixup(), data.cutmix())).containsOnly(0.0);
  }

  /** It would become the momentum of Nesterov's in place of RMSProp, silently. */
  @Test
  void momentumOfAnotherOptimizerIsRefused() throws IOException {
    String message =
        "train.momentum is the old way to write train.optimizer of kind momentum, and the recipe's"
            + " is rmsprop: give train.optimizer in its place";
    assertThatThrownBy(() -> Recipe.load("cifar10-amoebanet", List.of("train.momentum=0.5")))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot load recipe cifar10-amoebanet: " + message);
    assertThatThrownBy(() -> load("extends: cifar10-amoebanet\ntrain:\n  momentum: 0.5\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith("recipe.yaml: " + message);
    Recipe nesterov = load("extends: cifar10-resnet20\ntrain:\n  momentum: 0.5\n");
    assertThat(nesterov.train().optimizer()).isEqualTo(new OptimizerRecipe.Momentum(0.5, true));
  }

  @Test
  void bothWaysAtOnceAreRefused() {
    String both = old().replaceFirst("(?m)^train:", "train:\n  optimizer: {kind: momentum}");
    String message =
        "train.momentum is the old way to write train.optimizer: give train.optimizer alone";
    assertThatThrownBy(() -> Recipe.parse(both))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot read recipe: " + message);
    assertThatThrownBy(() -> load(both))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load recipe ")
        .hasMessageEndingWith("recipe.yaml: " + message);
  }
}
