package io.dropblock.spark.recipe.grid;

import io.dropblock.spark.recipe.yaml.Default;
import java.util.List;
import java.util.Optional;

/**
 * A line of a grid's table, or a curve of its figure.
 *
 * @param name in the names of its run folders
 * @param label what people see; the name if left out
 * @param recipe a bundled one or a file; the grid's if left out
 * @param set settings, as {@code --set} takes them, over the recipe's and the grid's; where one has
 *     <code>{x}</code> in it there is a cell for each value of the axis
 * @param values of the axis, in place of its own
 * @param seeds in place of the grid's
 * @param init whether it begins with the trunk of the trained network that {@code --init} names
 */
public record GridRow(
    String name,
    Optional<String> label,
    Optional<String> recipe,
    @Default("[]") List<String> set,
    Optional<List<Double>> values,
    Optional<List<Long>> seeds,
    @Default("false") boolean init) {
  /** Its values are checked with the whole grid, which knows where it stands. */
  public GridRow {
    set = set == null ? List.of() : List.copyOf(set);
  }

  /** What people see. */
  public String title() {
    return label.orElse(name);
  }
}
