package io.dropblock.spark.recipe.grid;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Trainings to compare: rows, values along an axis, and seeds. In YAML as recipes are: the keys are
 * the components' names with underscores, and a key that is none of them is refused.
 *
 * @param title above table and figure
 * @param recipe of rows that name none: a bundled one or a file
 * @param set settings of all rows, as {@code --set} takes them
 * @param axis what the figure goes along; a grid without one is a table
 * @param rows lines of the table
 * @param baseline the row that the others are compared with
 * @param seeds each cell of a row that has none of its own is trained with each of them
 */
public record Grid(
    String title,
    Optional<String> recipe,
    @Default("[]") List<String> set,
    Optional<GridAxis> axis,
    List<GridRow> rows,
    Optional<String> baseline,
    List<Long> seeds) {
  static final String X = "{x}";

  /**
   * @throws RecipeException with everything that is out of range
   */
  public Grid {
    List<GridRow> all = rows == null ? List.of() : rows;
    List<String> names = all.stream().map(GridRow::name).toList();
    List<String> common = set == null ? List.of() : set;
    Rules rules =
        new Rules("")
            .must("title", title, "be 1 to 60 characters", t -> t.matches(".{1,60}"))
            .must("rows", names, "be one or more", n -> !n.isEmpty())
            .must(
                "rows",
                names,
                "have names of their own, as run folders are called by them",
                n -> n.stream().distinct().count() == n.size())
            .must(
                "baseline",
                baseline.orElse(names.isEmpty() ? "" : names.get(0)),
                "be the name of a row",
                name -> names.isEmpty() || names.contains(name))
            .must("seeds", seeds, "be one number or more, each once", Grid::areSeeds);
    for (int i = 0; i < all.size(); i++) {
      check(rules, "rows[" + i + "].", all.get(i), goesAlong(common, all.get(i)), recipe, axis);
    }
    rules.check();
    set = List.copyOf(common);
    rows = List.copyOf(rows);
    seeds = List.copyOf(seeds);
  }

  private static void check(
      Rules rules,
      String key,
      GridRow row,
      boolean along,
      Optional<String> recipe,
      Optional<GridAxis> axis) {
    rules
        .must(
            key + "name",
            row.name(),
            "be 1 to 60 letters, digits, '.', '_' or '-', the first a letter or digit",
            name -> name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,59}"))
        .must(
            key + "label",
            row.label(),
            "be 1 to 60 characters, none of them a line end",
            label -> label.map(text -> text.matches(".{1,60}")).orElse(true))
        .must(
            key + "recipe",
            row.recipe().or(() -> recipe),
            "be given, as the grid has none for all",
            Optional::isPresent)
        .must(
            key + "set",
            row.set(),
            "not have {x} in it, as the grid has no axis",
            it -> !along || axis.isPresent())
        .must(
            key + "values",
            row.values(),
            "be one number or more, each once, for {x} in a setting",
            values -> values.map(it -> along && GridAxis.areValues(it)).orElse(true))
        .must(
            key + "seeds",
            row.seeds(),
            "be one number or more, each once",
            own -> own.map(Grid::areSeeds).orElse(true));
  }

  private static boolean areSeeds(List<Long> seeds) {
    return !seeds.isEmpty() && seeds.stream().distinct().count() == seeds.size();
  }

  /** Whether a row has a cell for each value of the axis. */
  private static boolean goesAlong(List<String> common, GridRow row) {
    return common.stream().anyMatch(it -> it.contains(X))
        || row.set().stream().anyMatch(it -> it.contains(X));
  }

  /** The values of the axis that a row has; empty if it has one place only. */
  List<Double> values(GridRow row) {
    return goesAlong(set, row)
        ? row.values().orElseGet(() -> axis.orElseThrow().values())
        : List.of();
  }

  /** The seeds of a row. */
  List<Long> seeds(GridRow row) {
    return row.seeds().orElse(seeds);
  }

  /** Those of all rows, the grid's own first. */
  List<Long> allSeeds() {
    return Stream.concat(seeds.stream(), rows.stream().flatMap(row -> seeds(row).stream()))
        .distinct()
        .toList();
  }

  /**
   * Reads a grid, strictly.
   *
   * @param nameOrPath a bundled name, or a local file that ends in .yaml or .yml; at most 1 MB
   * @throws RecipeException with all problems of the file at once
   */
  public static Grid load(String nameOrPath) {
    return GridFile.read(nameOrPath);
  }

  /** The bundled grids, in alphabetical order. */
  public static List<String> names() {
    return BundledGrids.NAMES;
  }
}
