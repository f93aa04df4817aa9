package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.genotype.CellGenotype;
import io.dropblock.genotype.Genotype;
import io.dropblock.model.AmoebaNet;
import io.dropblock.model.Architecture;
import io.dropblock.model.Auxiliary;
import io.dropblock.model.ClassificationHead;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Regularization;
import io.dropblock.spark.recipe.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each key of a recipe of cells arrives in its network. */
class CellsAssemblyTest {
  private static final String CELL = "{operations: [3x3, 1x1], inputs: [0, 1], used: [1, 1, 0]}";

  private static final Recipe RECIPE =
      Recipe.load(
          "cifar10-amoebanet",
          List.of(
              "task.label_smoothing=0.25",
              "data.size=67",
              "model.stem=imagenet",
              "model.cells=2",
              "model.width=8",
              "model.stem_filters=20",
              "model.genotype={normal: " + CELL + ", reduction: " + CELL + "}",
              "model.auxiliary_weight=0.7",
              "model.dropout=0.25",
              "dropblock.kind=drop-path-by-cell",
              "dropblock.groups=[1, 2]",
              "dropblock.sites=[branch]",
              "dropblock.group_divisor=2"));

  @Test
  void theNetworkIsTheRecipes() {
    CellGenotype cell = CellGenotype.of(List.of("3x3", "1x1"), List.of(0, 1), List.of(1, 1, 0));
    assertThat(Assembly.of(RECIPE).architecture())
        .isEqualTo(
            new Architecture(
                new AmoebaNet(2, 8, 20, new Genotype(cell, cell), AmoebaNet.Stem.IMAGENET),
                new ClassificationHead(10, .25, .75, Optional.of(new Auxiliary(4, .7))),
                NormSettings.CLASSIFICATION));
  }

  @Test
  void whatDropsIsTheRecipes() {
    assertThat(new NetworkArguments(RECIPE).regularization())
        .isEqualTo(
            new Regularization(
                Regularization.Kind.DROP_PATH_BY_CELL,
                new TreeSet<>(List.of(1, 2)),
                Set.of(Regularization.Site.BRANCH),
                RECIPE.dropblock().blockSize(),
                2));
  }

  @Test
  void theSmallTwinHasTheReleasedCells() {
    assertThat(Assembly.of(Recipe.load("cifar10-amoebanet", List.of())).architecture())
        .isEqualTo(
            new Architecture(
                new AmoebaNet(1, 16, 48, Genotype.AMOEBANET_B, AmoebaNet.Stem.CIFAR),
                new ClassificationHead(10, .1, 1, Optional.empty()),
                NormSettings.CLASSIFICATION));
  }
}
