package io.dropblock.spark.recipe.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Collects what is wrong with the components of one record, so that all of it is told at once. */
public final class Rules {

  private final String section;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param section path of the record in the recipe, empty for the recipe itself
   */
  public Rules(String section) {
    this.section = section;
  }

  /**
   * One rule; null breaks every rule.
   *
   * @param rule what the value must do, such as {@code be positive}
   */
  public <T> Rules must(String key, T value, String rule, Predicate<T> holds) {
    if (value == null || !holds.test(value)) {
      problems.add(Problem.must(Spelling.join(section, key), rule, value));
    }
    return this;
  }

  /** One check that says itself what is wrong, by an {@link IllegalArgumentException}. */
  public Rules passes(String key, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      String full = Spelling.join(section, key);
      problems.add(new Problem(full, full + ": " + e.getMessage()));
    }
    return this;
  }

  /**
   * @throws RecipeException with all broken rules
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new RecipeException(("Invalid " + section).strip() + " recipe", problems);
    }
  }
}
