package io.dropblock.spark.recipe.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.recipe.yaml.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A grid's file, and its cells. */
class GridTest {
  private static final String GOOD =
      """
      title: Two rows
      recipe: cifar10-resnet20-dropblock
      set: [train.epochs=2]
      axis:
        name: keep probability
        values: [0.5, 1.0]
      baseline: none
      seeds: [7, 8]
      rows:
        - name: none
          recipe: cifar10-resnet20
        - name: some
          label: DropBlock & more
          set:
            - dropblock.keep_probability=linear(1.0, {x})
            - dropblock.block_size=5
      """;

  @TempDir private Path temporary;

  @Test
  void aCellForEachRowValueAndSeed() throws IOException {
    List<Cell> cells = cells(GOOD);
    assertThat(cells)
        .extracting(Cell::name)
        .containsExactly(
            "none-seed7",
            "some-0.5-seed7",
            "some-1-seed7",
            "none-seed8",
            "some-0.5-seed8",
            "some-1-seed8");
    Cell cell = cells.get(4);
    assertThat(cell.x()).isEqualTo(OptionalDouble.of(.5));
    assertThat(cell.recipe().seed()).isEqualTo(8);
    assertThat(cell.recipe().name()).isEqualTo("some-0.5-seed8");
    assertThat(cell.recipe().train().epochs()).isEqualTo(2);
    assertThat(cell.recipe().dropblock().blockSize()).isEqualTo(5);
    assertThat(cell.recipe().dropblock().keepProbability()).hasToString("linear(1.0, 0.5)");
    assertThat(cells.get(0).x()).isEmpty();
    assertThat(cells.get(0).recipe().dropblock().groups()).isEmpty();
    assertThat(cells.get(0).recipe().train().epochs()).isEqualTo(2);
  }

  @Test
  void whatIsTypedComesLast() throws IOException {
    Grid grid = Grid.load(file(GOOD));
    assertThat(new Expansion(grid, List.of("train.epochs=3")).cells())
        .allSatisfy(cell -> assertThat(cell.recipe().train().epochs()).isEqualTo(3));
  }

  @Test
  void aRowHasValuesOfItsOwn() throws IOException {
    assertThat(cells(GOOD + "    values: [0.25]\n"))
        .extracting(Cell::name)
        .contains("some-0.25-seed7")
        .hasSize(4);
  }

  /** More of them where rows are close. */
  @Test
  void aRowHasSeedsOfItsOwn() throws IOException {
    assertThat(cells(GOOD + "    values: [0.25]\n    seeds: [8, 9]\n"))
        .extracting(Cell::name)
        .containsExactly("none-seed7", "none-seed8", "some-0.25-seed8", "some-0.25-seed9");
    assertRefused(
        GOOD + "    seeds: [8, 8]\n", "rows[1].seeds must be one number or more, each once");
  }

  @Test
  void namesWhatIsWrong() throws IOException {
    assertRefused(GOOD + "sedes: [1]\n", "Unknown key sedes: did you mean seeds?");
    assertRefused(GOOD + "    vales: [1]\n", "Unknown key rows[1].vales: did you mean");
    assertRefused(GOOD.replace("seeds: [7, 8]", "seeds: []"), "seeds must be one number or more");
    assertRefused(GOOD.replace("[7, 8]", "[7, 7]"), "seeds must be one number or more, each once");
    assertRefused(GOOD.replace("[7, 8]", "[x]"), "seeds[0] must be a whole number");
    assertRefused(GOOD.replace("name: some", "name: none"), "rows must have names of their own");
    assertRefused(GOOD.replace("name: some", "name: a/b"), "rows[1].name must be 1 to 60 letters");
    assertRefused(GOOD.replace("baseline: none", "baseline: nine"), "baseline must be the name");
    assertRefused(GOOD.replaceAll("axis:\\n.*\\n.*\\n", ""), "rows[1].set must not have {x} in it");
    assertRefused(
        GOOD.replace("linear(1.0, {x})", "0.9") + "    values: [1]\n",
        "rows[1].values must be one number or more, each once, for {x} in a setting");
    assertRefused(
        GOOD.replace("recipe: cifar10-resnet20-dropblock\n", ""),
        "rows[1].recipe must be given, as the grid has none for all");
    assertRefused(GOOD.replace("[0.5, 1.0]", "[0.5, 0.5]"), "axis.values must hold one number");
    assertRefused(GOOD.replace("[train.epochs=2]", "5"), "set must be a list, each text, not 5");
    assertRefused(GOOD + "    label: ''\n", "Duplicate field 'label'");
    assertRefused("[1]", "grid must be a block of keys");
    assertThatThrownBy(() -> Grid.load("tabel1"))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(
            "Cannot load grid tabel1: no bundled grid has this name, did you mean table1? Bundled"
                + " are cifar10-figure3, ");
    assertThatThrownBy(() -> Grid.load("no/such.yaml"))
        .hasMessage("Cannot load grid no/such.yaml: there is no such file");
  }

  @Test
  void twoCellsOfOneNameAreRefused() {
    String clash = GOOD + "  - name: some-0.5\n    set: [train.epochs=4]\n";
    assertThatThrownBy(() -> cells(clash))
        .hasMessage(
            "Cannot expand grid Two rows: two of its cells have the name some-0.5-seed7; rename a"
                + " row");
  }

  @Test
  void aRecipeThatIsNoneIsNamedWithItsCell() {
    assertThatThrownBy(() -> cells(GOOD.replace("block_size=5", "block_sise=5")))
        .hasMessage(
            "Cannot make cell some-0.5-seed7: Cannot load recipe cifar10-resnet20-dropblock:"
                + " Unknown key dropblock.block_sise: did you mean dropblock.block_size?");
  }

  private void assertRefused(String yaml, String message) throws IOException {
    String file = file(yaml);
    assertThatThrownBy(() -> Grid.load(file))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load grid ")
        .hasMessageContaining(message);
  }

  private List<Cell> cells(String yaml) throws IOException {
    return new Expansion(Grid.load(file(yaml)), List.of()).cells();
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(temporary.resolve("grid.yaml"), yaml).toString();
  }
}
