package io.dropblock.spark.recipe.yaml;

import io.dropblock.spark.text.ForeseenException;
import java.util.List;

/** A recipe cannot be used; the message tells all its problems, one a line. */
public final class RecipeException extends ForeseenException {

  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 100;

  private final transient List<Problem> problems;

  /**
   * @param what the sentence before the problems: {@code Cannot load recipe demo}
   */
  public RecipeException(String what, List<Problem> problems) {
    super(message(what, problems));
    this.problems = List.copyOf(problems);
  }

  /**
   * @param what the sentence before the problem
   */
  public RecipeException(String what, String problem) {
    this(what, List.of(new Problem("", problem)));
  }

  private static String message(String what, List<Problem> problems) {
    if (problems.size() == 1) {
      return what + ": " + problems.get(0).text();
    }
    StringBuilder message = new StringBuilder(what + ": " + problems.size() + " problems");
    problems.stream()
        .limit(MOST_SHOWN)
        .forEach(problem -> message.append("\n  - ").append(problem.text()));
    if (problems.size() > MOST_SHOWN) {
      message.append("\n  - and ").append(problems.size() - MOST_SHOWN).append(" more");
    }
    return message.toString();
  }

  List<Problem> problems() {
    return problems;
  }
}
