package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.recipe.yaml.RecipeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from outside: broken, hostile and circular files. */
class RecipeLoaderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "seed: 1\\nseed: 2 | Duplicate field 'seed' (line 2)",
        "train: {epochs: 1, epochs: 2} | Duplicate field 'epochs' (line 1)",
        "seed: &a 1\\nname: *a | alias *a is not supported (line 2)",
        "seed: 1\\n---\\nseed: 2 | holds a second document (line 3)",
        "seed: 010 | 010 would be octal in YAML, drop the leading 0 (line 1)",
        "seed: [1 | while parsing a flow sequence, expected ',' or ']', but got <stream end> (line 1)",
        "[1, 2] | recipe must be a block of keys, not [1, 2]",
        "# nothing | recipe must be a block of keys, not nothing",
        "extends: 3 | extends must be the name of a bundled recipe, not 3",
        "extends: ../x.yaml | extends must be the name of a bundled recipe, not '../x.yaml'"
      })
  void brokenFilesGiveOneLine(String text, String problem) throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), text.replace("\\n", "\n"));
    assertThatThrownBy(() -> Recipe.load(file.toString(), List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load recipe ")
        .hasMessageEndingWith("x.yaml: " + problem);
  }

  /** SnakeYAML itself needs minutes for a megabyte of brackets. */
  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "a: ["})
  void deepNestingIsRefusedBeforeItCosts(String level) throws IOException {
    String levels = level.equals("a: [") ? level + "[".repeat(900_000) : level.repeat(200_000);
    Path file = Files.writeString(folder.resolve("x.yaml"), levels);
    assertThatThrownBy(() -> Recipe.load(file.toString(), List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith("x.yaml: nested more than 32 deep (line 1)");
  }

  @Test
  void aFloodOfProblemsIsCutOff() throws IOException {
    StringBuilder text = new StringBuilder("extends: demo\n");
    for (int i = 0; i < 5_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    Path file = Files.writeString(folder.resolve("x.yaml"), text);
    assertThatThrownBy(() -> Recipe.load(file.toString(), List.of()))
        .hasMessageContaining("x.yaml: 5000 problems\n")
        .hasMessageEndingWith("\n  - and 4900 more");
  }

  @Test
  void tagsMakeNoObjects() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("x.yaml"),
            "extends: demo\nseed: !!javax.script.ScriptEngineManager [!!java.net.URL [x]]\n");
    assertThatThrownBy(() -> Recipe.load(file.toString(), List.of()))
        .hasMessageEndingWith("seed must be a whole number of at most 64 bits, not [[x]]");
  }

  @Test
  void filesThatCannotBeReadSayWhy() throws IOException {
    Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0});
    Path directory = Files.createDirectory(folder.resolve("directory.yaml"));

    assertFails(large, "is larger than 1 MB");
    assertFails(binary, "is not UTF-8 text");
    assertFails(folder.resolve("none.yaml"), "there is no such file");
    assertFails(directory, "it cannot be read (Is a directory)");
    assertThatThrownBy(() -> Recipe.load("a\0b.yaml", List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load recipe a b.yaml: it cannot be read (");
  }

  private static void assertFails(Path file, String reason) {
    assertThatThrownBy(() -> Recipe.load(file.toString(), List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load recipe ")
        .hasMessageEndingWith(reason);
  }

  @Test
  void extendsInACircleIsRefused() {
    Map<String, String> files = Map.of("a", "extends: b", "b", "extends: c", "c", "extends: b");
    RecipeLoader loader =
        new RecipeLoader(
            new ArrayList<>(files.keySet()),
            name -> files.get(name).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> loader.load("a", List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot load recipe a: extends runs in a circle: a -> b -> c -> b");
  }

  @Test
  void aTaskOfAnotherKindTakesNothingOver() {
    Map<String, String> files =
        Map.of(
            "base", "{extends: cifar10-resnet20, task: {label_smoothing: 0.2}}",
            "pixels",
                """
                extends: base
                task: {kind: segmentation, first_level: 2, last_level: 4, pyramid_filters: 8,
                  head_filters: 8, head_convolutions: 1, padding: void}
                data: {transform: scale-crop, scale: [1, 1], pad: null}
                """,
            "again",
                """
                extends: pixels
                task: {kind: classification}
                data: {transform: pad-crop, scale: null, pad: 4}
                """);
    RecipeLoader loader =
        new RecipeLoader(
            List.of("base", "pixels", "again", "cifar10-resnet20"),
            name ->
                files.containsKey(name)
                    ? files.get(name).getBytes(StandardCharsets.UTF_8)
                    : BundledRecipes.text(name));

    assertThat(loader.load("base", List.of()).task()).isEqualTo(new TaskRecipe.Classification(0.2));
    assertThat(loader.load("pixels", List.of("task.head_filters=9")).task())
        .isEqualTo(
            new TaskRecipe.Segmentation(2, 4, 8, 9, 1, TaskRecipe.Segmentation.Padding.VOID));
    assertThat(loader.load("again", List.of()).task()).isEqualTo(new TaskRecipe.Classification(0));
    List<String> late = List.of("task.head_filters=9", "task.kind=classification");
    assertThatThrownBy(() -> loader.load("pixels", late))
        .hasMessageContaining("task.head_filters is for task detection and segmentation only");
  }

  @Test
  void nearestFileOfTheChainWins() {
    Map<String, String> files =
        Map.of(
            "top", "{extends: middle, seed: 3}",
            "middle", "{extends: demo, seed: 2, name: other, train: {epochs: 2}}");
    RecipeLoader loader =
        new RecipeLoader(
            List.of("top", "middle", "demo", "cifar10-resnet20", "cifar10-resnet20-dropblock"),
            name ->
                files.containsKey(name)
                    ? files.get(name).getBytes(StandardCharsets.UTF_8)
                    : BundledRecipes.text(name));

    Recipe recipe = loader.load("top", List.of());

    assertThat(recipe.name()).isEqualTo("top");
    assertThat(recipe.seed()).isEqualTo(3);
    assertThat(recipe.train().epochs()).isEqualTo(2);
    assertThat(recipe.model().depth()).contains(8);
  }
}
