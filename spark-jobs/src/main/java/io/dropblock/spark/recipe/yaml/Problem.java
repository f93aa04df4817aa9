package io.dropblock.spark.recipe.yaml;

/**
 * One thing that is wrong with a recipe.
 *
 * @param key where, as {@code train.epochs}; empty if it has no place
 * @param text one line with the key and the value
 */
public record Problem(String key, String text) {

  /**
   * A value that breaks a rule.
   *
   * @param rule what it must do, such as {@code be positive}
   */
  public static Problem must(String key, String rule, Object value) {
    return new Problem(key, key + " must " + rule + ", not " + Spelling.value(value));
  }
}
