package io.dropblock.spark.recipe.grid;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** A grid's cells, each with its recipe. */
public final class Expansion {
  private final Grid grid;
  private final List<String> overrides;

  /**
   * @param overrides settings of all cells, over the grid's own
   */
  public Expansion(Grid grid, List<String> overrides) {
    this.grid = grid;
    this.overrides = List.copyOf(overrides);
  }

  /**
   * All cells: of the first seed those of all rows, in their order, then of the next. So there is
   * something of each row to compare early.
   *
   * @throws RecipeException if a cell's recipe is none, or two cells have one name
   */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (long seed : grid.allSeeds()) {
      for (GridRow row : grid.rows()) {
        if (grid.seeds(row).contains(seed)) {
          cells.addAll(cells(row, seed));
        }
      }
    }
    requireNames(cells);
    return cells;
  }

  private List<Cell> cells(GridRow row, long seed) {
    List<Double> values = grid.values(row);
    return values.isEmpty()
        ? List.of(cell(row, OptionalDouble.empty(), seed))
        : values.stream().map(x -> cell(row, OptionalDouble.of(x), seed)).toList();
  }

  private void requireNames(List<Cell> cells) {
    Set<String> seen = new HashSet<>();
    for (Cell cell : cells) {
      if (!seen.add(cell.name())) {
        throw new RecipeException(
            "Cannot expand grid " + grid.title(),
            "two of its cells have the name " + cell.name() + "; rename a row");
      }
    }
  }

  private Cell cell(GridRow row, OptionalDouble x, long seed) {
    String place = x.isPresent() ? "-" + text(x.getAsDouble()) : "";
    String name = row.name() + place + "-seed" + seed;
    List<String> settings =
        Stream.of(
                grid.set().stream(),
                row.set().stream(),
                overrides.stream(),
                Stream.of("seed=" + seed, "name='" + name + "'"))
            .flatMap(all -> all)
            .map(one -> x.isPresent() ? one.replace(Grid.X, text(x.getAsDouble())) : one)
            .toList();
    String base = row.recipe().or(grid::recipe).orElseThrow();
    try {
      return new Cell(name, row.name(), x, seed, row.init(), Recipe.load(base, settings));
    } catch (RecipeException e) {
      throw new RecipeException("Cannot make cell " + name, e.getMessage());
    }
  }

  /** A number as people write it: 7, 0.75. */
  public static String text(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
