package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.recipe.AugmentRecipe.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentRecipeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none | NONE | 0 | 0",
        "auto-augment | AUTO_AUGMENT | 0 | 0",
        "trivial-augment | TRIVIAL_AUGMENT | 0 | 0",
        "rand-augment(1, 0) | RAND_AUGMENT | 1 | 0",
        "rand-augment(14, 30) | RAND_AUGMENT | 14 | 30"
      })
  void theTextParsesBack(String text, Policy policy, int operations, int magnitude) {
    AugmentRecipe recipe = AugmentRecipe.parse(text);
    assertThat(recipe).isEqualTo(new AugmentRecipe(policy, operations, magnitude));
    assertThat(recipe).hasToString(text);
  }

  /** Else the same policy, written with other spaces, would count as another recipe. */
  @Test
  void spacesAreNoChange() {
    List<String> wide = List.of("data.augment=rand-augment( 2 ,9 )");
    List<String> narrow = List.of("data.augment=rand-augment(2,9)");
    assertThat(Recipe.load("imagenet-resnet50", wide))
        .isEqualTo(Recipe.load("imagenet-resnet50", narrow));
    assertThat(Recipe.load("imagenet-resnet50", wide).data().augment())
        .isEqualTo("rand-augment(2, 9)");
  }
}
