package io.dropblock.spark.recipe.grid;

import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import java.util.List;

/**
 * What a grid's figure goes along: a number that stands for <code>{x}</code> in settings.
 *
 * @param name below the figure, such as {@code keep_prob}
 * @param values of rows that have none of their own
 */
public record GridAxis(String name, List<Double> values) {
  /**
   * @throws RecipeException with everything that is out of range
   */
  public GridAxis {
    new Rules("axis")
        .must("name", name, "be 1 to 60 characters", n -> n.matches(".{1,60}"))
        .must("values", values, "hold one number or more, each once", GridAxis::areValues)
        .check();
    values = List.copyOf(values);
  }

  static boolean areValues(List<Double> values) {
    return !values.isEmpty() && values.stream().distinct().count() == values.size();
  }
}
