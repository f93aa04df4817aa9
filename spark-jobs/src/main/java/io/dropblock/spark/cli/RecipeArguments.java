package io.dropblock.spark.cli;

import io.dropblock.spark.recipe.Recipe;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name a recipe, the same for every command that takes one. */
final class RecipeArguments {

  @Parameters(
      paramLabel = "RECIPE",
      description = "Name of a bundled recipe, or path of a .yaml file.")
  private String recipe;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the recipe, such as train.epochs=3. Repeatable.")
  private List<String> overrides = List.of();

  /** Reads the recipe with its changes. */
  Recipe load() {
    return Recipe.load(recipe, overrides);
  }

  /** The same with more changes, which are stronger. */
  Recipe load(List<String> more) {
    return Recipe.load(recipe, Stream.concat(overrides.stream(), more.stream()).toList());
  }

  /** Its name or path as it was typed, and the changes. */
  List<String> words() {
    return Stream.concat(
            Stream.of(recipe), overrides.stream().flatMap(set -> Stream.of("--set", set)))
        .toList();
  }
}
