package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.recipe.yaml.UnknownKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeChangeTest {
  private final Recipe before = Recipe.load("demo", List.of());

  @Test
  void anEqualRecipeHasNone() {
    assertThat(Recipe.parse(before.toYaml()).changesSince(before)).isEmpty();
    assertThat(
            Recipe.load("demo", List.of("train.epochs=" + before.train().epochs()))
                .changesSince(before))
        .isEmpty();
  }

  @Test
  void namesKeysWithOldAndNewValues() {
    Recipe now =
        Recipe.load(
            "demo",
            List.of(
                "train.epochs=99",
                "train.learning_rate=steps(0.5,0.05@0.5)",
                "data.cutout=3",
                "data.transform=random-resized-crop",
                "data.pad=null"));
    assertThat(now.changesSince(before))
        .extracting(RecipeChange::toString)
        .containsExactly(
            "data.cutout " + before.data().cutout() + " -> 3",
            "data.pad " + before.data().pad().orElseThrow() + " -> nothing",
            "data.transform pad-crop -> random-resized-crop",
            "train.epochs " + before.train().epochs() + " -> 99",
            "train.learning_rate " + before.train().learningRate() + " -> steps(0.5, 0.05 @ 0.5)");
    assertThat(now.changesSince(before))
        .filteredOn(RecipeChange::isAllowed)
        .extracting(RecipeChange::key)
        .containsExactly("train.epochs", "train.learning_rate");
  }

  @Test
  void anotherKindOfABlockNamesTheKeysOfBoth() {
    Recipe pixels = Recipe.load("shapes-segmentation", List.of());
    Recipe images =
        Recipe.load(
            "shapes-segmentation",
            List.of(
                "task={kind: classification, label_smoothing: 0.1}",
                "data.transform=random-resized-crop",
                "data.scale=",
                "dropblock.sites=[]"));
    assertThat(images.changesSince(pixels))
        .extracting(RecipeChange::toString)
        .contains(
            "task.kind segmentation -> classification",
            "task.label_smoothing nothing -> 0.1",
            "task.head_filters 32 -> nothing")
        .noneMatch(change -> change.startsWith("train."));
  }

  @Test
  void aMovingAverageNeitherComesNorGoes() {
    Recipe with = Recipe.load("demo", List.of("train.moving_average={decay: 0.99, every: 15}"));
    assertThat(with.changesSince(before))
        .extracting(RecipeChange::toString)
        .containsExactly(
            "train.moving_average.decay nothing -> 0.99",
            "train.moving_average.evaluate nothing -> average",
            "train.moving_average.every nothing -> 15");
    assertThat(with.changesSince(before))
        .filteredOn(change -> !change.isAllowed())
        .extracting(RecipeChange::key)
        .containsExactly("train.moving_average.decay", "train.moving_average.every");
    assertThat(before.changesSince(with)).filteredOn(change -> !change.isAllowed()).hasSize(2);
    Recipe both =
        Recipe.load(
            "demo", List.of("train.moving_average={decay: 0.99, every: 15, evaluate: both}"));
    assertThat(both.changesSince(with)).allMatch(RecipeChange::isAllowed).hasSize(1);
  }

  @Test
  void anotherOptimizerIsNoRunToGoOnWith() {
    Recipe now = Recipe.load("demo", List.of("train.optimizer={kind: adamw}", "train.clip_norm=1"));
    assertThat(now.changesSince(before))
        .extracting(RecipeChange::toString)
        .contains(
            "train.clip_norm 0.0 -> 1.0",
            "train.optimizer.beta1 nothing -> 0.9",
            "train.optimizer.kind momentum -> adamw");
    assertThat(now.changesSince(before)).noneMatch(RecipeChange::isAllowed);
  }

  /** A key that is new in this version has its default in a recipe of before. */
  @Test
  void aKeyWithItsDefaultIsNoChange() {
    String older = before.toYaml().replaceAll("(?m)^ +(checkpoint_every|accumulation): .*\n", "");
    assertThat(older).doesNotContain("accumulation");
    assertThat(before.changesSince(Recipe.parse(older)))
        .allMatch(change -> change.key().equals("train.checkpoint_every"));
  }

  @Test
  void theKeysThatMayChangeAreKeysAndDocumented() throws IOException {
    assertThat(UnknownKeys.keys(Recipe.class, "")).containsAll(RecipeChange.ALLOWED);
    String page =
        Files.readString(Path.of("../docs/how-to/recover-and-resume.md"), StandardCharsets.UTF_8);
    String table = page.substring(page.indexOf("May change at a resume"));
    table = table.substring(0, table.indexOf("\n\n"));
    for (String key : RecipeChange.ALLOWED) {
      assertThat(table).contains("`" + key + "`");
    }
  }
}
