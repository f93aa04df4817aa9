package io.dropblock.spark.recipe.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.page.Repository;
import io.dropblock.spark.recipe.DropBlockRecipe.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BundledGridsTest {
  static List<String> names() {
    return Grid.names();
  }

  @Test
  void allFilesAreNamed() throws IOException {
    try (Stream<java.nio.file.Path> files =
        Files.list(Repository.ROOT.resolve("spark-jobs/src/main/resources/grids"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(Grid.names());
    }
  }

  /** Networks that differ in nothing that this looks at are described once. */
  @ParameterizedTest
  @MethodSource("names")
  void allCellsHaveNetworks(String name) {
    Map<Object, Long> parameters = new HashMap<>();
    for (Cell cell : cells(name)) {
      parameters.computeIfAbsent(
          List.of(cell.recipe().model(), cell.recipe().dropblock(), cell.recipe().task()),
          key -> new RecipeParts(cell.recipe()).summary().trainableParameters());
    }
    assertThat(parameters.values()).isNotEmpty().allMatch(count -> count > 50_000);
  }

  @Test
  void theirCellsAreThePapers() {
    assertThat(cells("table1")).hasSize(9 * 3);
    assertThat(cells("table2")).hasSize(2);
    assertThat(cells("table3"))
        .extracting(cell -> cell.recipe().dropblock().blockSize())
        .containsExactly(5, 5, 1, 3, 5, 7);
    assertThat(cells("table4"))
        .extracting(cell -> cell.recipe().dropblock().blockSize())
        .containsExactly(16, 16, 1, 4, 16);
    assertThat(cells("figure3a")).hasSize(11 + 11 + 8);
    assertThat(cells("figure3b")).hasSize(8 + 8);
    assertThat(cells("figure4")).hasSize(3 * 7 + 3 * 8);
    assertThat(cells("figure4"))
        .filteredOn(cell -> cell.row().equals("groups34-branch"))
        .allSatisfy(
            cell -> {
              assertThat(cell.recipe().dropblock().sites()).containsExactly(Site.BRANCH);
              assertThat(cell.recipe().dropblock().groups()).containsExactly(3, 4);
              assertThat(cell.recipe().dropblock().keepProbability()).hasToString("constant(0.9)");
            })
        .extracting(cell -> cell.recipe().dropblock().blockSize())
        .containsExactly(1, 3, 5, 7, 8, 10, 12, 14);
    assertThat(cells("figure4"))
        .filteredOn(cell -> cell.row().equals("group4-skip-scheduled"))
        .allSatisfy(
            cell -> {
              assertThat(cell.recipe().dropblock().sites()).containsExactly(Site.BRANCH, Site.SKIP);
              assertThat(cell.recipe().dropblock().groups()).containsExactly(4);
              assertThat(cell.recipe().dropblock().keepProbability())
                  .hasToString("linear(1.0, 0.9)");
            })
        .hasSize(7);
  }

  private static List<Cell> cells(String name) {
    return new Expansion(Grid.load(name), List.of()).cells();
  }
}
