package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.page.GeneratedPage;
import io.dropblock.spark.recipe.yaml.UnknownKeys;
import java.io.IOException;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docs/reference/recipe-keys.md is what the parser and the records' comments say. */
class RecipeKeysPageTest {
  private static final GeneratedPage PAGE =
      new GeneratedPage("reference/recipe-keys.md", RecipeKeysPageTest.class);

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    PAGE.check(new RecipeKeysPage().text());
  }

  @Test
  void thePageHasTheKeysThatTheParserTakes() throws IOException {
    assertThat(RecipeKeysPage.keys(PAGE.committed()))
        .containsExactlyElementsOf(new TreeSet<>(UnknownKeys.keys(Recipe.class, "")));
  }
}
