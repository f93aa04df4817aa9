package io.dropblock.spark.recipe;

/**
 * One thing that is wrong with a recipe.
 *
 * @param key where, as {@code train.epochs}; empty if it has no place
 * @param text one line with the key and the value
 */
record Problem(String key, String text) {

  static Problem must(String key, String rule, Object value) {
    return new Problem(key, key + " must " + rule + ", not " + Spelling.value(value));
  }
}
