package io.dropblock.spark.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Collects what is wrong with the components of one record, so that all of it is told at once. */
final class Rules {

  private final String section;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param section path of the record in the recipe, empty for the recipe itself
   */
  Rules(String section) {
    this.section = section;
  }

  /**
   * One rule; null breaks every rule.
   *
   * @param rule what the value must do, such as {@code be positive}
   */
  <T> Rules must(String key, T value, String rule, Predicate<T> holds) {
    if (value == null || !holds.test(value)) {
      problems.add(Problem.must(Spelling.join(section, key), rule, value));
    }
    return this;
  }

  /**
   * @throws RecipeException with all broken rules
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new RecipeException(("Invalid " + section).strip() + " recipe", problems);
    }
  }
}
