package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.recipe.yaml.RecipeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused of networks of cells. */
class CellProblemsTest {
  private static final List<String> CELLS =
      List.of(
          "model.family=amoebanet",
          "model.depth=",
          "model.cells=1",
          "model.width=8",
          "model.auxiliary_weight=0",
          "dropblock.groups=[2]");

  private static final String WRONG = "{operations: [3x3, 1x1], inputs: [0, 9], used: [1, 1, 0]}";

  private static final String NORMAL =
      "{operations: [3x3, avg_pool_3x3], inputs: [0, 1], used: [1, 1, 0]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "model.depth=20 | model.depth must be left out for family amoebanet, not 20",
        "model.width=3 | model.width must be at least 4 for family amoebanet, not 3",
        "model.cells= | model.cells must be positive for family amoebanet, not nothing",
        "model.cells=0 | model.cells must be positive for family amoebanet, not 0",
        "model.cells=101 | model.cells must be at most 100 for family amoebanet, not 101",
        "model.width=16385 | model.width must be at most 16384, not 16385",
        "model.stem_filters=0 | model.stem_filters must be positive, not 0",
        "model.stem_filters=2147483647 | model.stem_filters must be at most 16384, not 2147483647",
        "model.stem=vgg | model.stem must be one of imagenet, cifar, not 'vgg'",
        "model.auxiliary_weight=-1 | model.auxiliary_weight must be at least 0 and at most 100, 0 for none, not -1.0",
        "model.auxiliary_weight=0.4 | data.size must be at least 67 where model.auxiliary_weight is not 0, not 32",
        "model.auxiliary_weight=101 | model.auxiliary_weight must be at least 0 and at most 100, 0 for none, not 101.0",
        "model.dropout=1 | model.dropout must be at least 0 and below 1, not 1.0",
        "dropblock.groups=[3] | dropblock.groups must be from 1 to 2 for this model.family, not [3]",
        "dropblock.kind=drop-path-by-cell | dropblock.sites must be branch alone for kind drop-path-by-cell, not [branch, skip]",
        "model.genotype={normal: {}} | 4 problems",
        "model.genotype.normal.used=[0] | 3 problems"
      })
  void cellsHaveRulesOfTheirOwn(String override, String problem) {
    List<String> overrides = new ArrayList<>(CELLS);
    overrides.add(override);
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", overrides))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load recipe cifar10-resnet20: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{operations: [1x1, none], inputs: [0, 4], used: [1, 1, 0]} | combination 0 reads state 4, states 0 to 1 are there",
        "{operations: [1x1, none], inputs: [0], used: [1, 1, 0]} | 1 inputs for 2 operations",
        "{operations: [1x1], inputs: [0], used: [1, 1, 0]} | 1 operations, each combination has two",
        "{operations: [1x1, none], inputs: [0, 1], used: [1, 1]} | used has 2 numbers for 3 states, the first two and one for each combination"
      })
  void aGenotypeMustFit(String reduction, String problem) {
    List<String> overrides = new ArrayList<>(CELLS);
    overrides.add("model.genotype={normal: " + NORMAL + ", reduction: " + reduction + "}");
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", overrides))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot load recipe cifar10-resnet20: model.genotype.reduction: Invalid cell: "
                + problem);
  }

  @Test
  void bothKindsOfCellsMustFit() {
    List<String> overrides = new ArrayList<>(CELLS);
    overrides.add("model.genotype={normal: " + WRONG + ", reduction: " + NORMAL + "}");
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", overrides))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(
            ": model.genotype.normal: Invalid cell: combination 0 reads state 9, states");
  }

  @Test
  void imagesAreNotSmallerThanTheFirstConvolution() {
    List<String> overrides = new ArrayList<>(CELLS);
    overrides.addAll(List.of("data.size=2", "data.pad=0"));
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", overrides))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith("data.size must be at least 3, not 2");
  }

  @Test
  void aGenotypeNamesKnownOperations() {
    List<String> overrides = new ArrayList<>(CELLS);
    String unknown = NORMAL.replace("3x3, avg", "7x7, avg");
    overrides.add("model.genotype={normal: " + NORMAL + ", reduction: " + unknown + "}");
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", overrides))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(
            "Cannot load recipe cifar10-resnet20: model.genotype.reduction: Unknown operation:"
                + " '7x7', write none, ");
  }

  @Test
  void cellsAreForClassification() {
    List<String> overrides = new ArrayList<>(CELLS.subList(0, 4));
    for (String task : List.of("segmentation", "detection")) {
      assertThatThrownBy(() -> Recipe.load("shapes-" + task, overrides))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining(
              "model.family must be resnet or resnet-cifar for task " + task + ", not amoebanet");
    }
  }

  @Test
  void residualBlocksHaveNoCells() {
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", List.of("model.stem=cifar")))
        .hasMessageEndingWith("model.stem must be left out for family resnet-cifar, not cifar");
    String genotype = "model.genotype={normal: " + NORMAL + ", reduction: " + NORMAL + "}";
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", List.of(genotype)))
        .hasMessageContaining(": model.genotype must be left out for family resnet-cifar, not ");
    List<String> byCell = List.of("dropblock.kind=drop-path-by-cell", "dropblock.sites=[branch]");
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20-dropblock", byCell))
        .hasMessageEndingWith(
            "dropblock.kind must not be drop-path-by-cell for this model.family, which has no"
                + " cells, not drop-path-by-cell");
    List<String> both = new ArrayList<>(CELLS);
    both.addAll(byCell);
    assertThat(Recipe.load("cifar10-resnet20", both).dropblock().kind())
        .isEqualTo(DropBlockRecipe.Kind.DROP_PATH_BY_CELL);
  }
}
