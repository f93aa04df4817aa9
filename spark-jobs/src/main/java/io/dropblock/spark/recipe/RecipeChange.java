package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropblock.spark.recipe.yaml.RecordWriter;
import io.dropblock.spark.recipe.yaml.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A key that has another value than it had.
 *
 * @param key where, as {@code train.epochs}
 * @param was its value then, as text; {@code nothing} where it had none
 * @param is its value now
 */
public record RecipeChange(String key, String was, String is) {
  private static final String NOTHING = "nothing";

  /**
   * What a run may go on with changed: what each step reads anew, or only says when something is
   * done. All else is in the checkpoint already, or makes other steps of the same images.
   */
  static final Set<String> ALLOWED =
      Set.of(
          "name",
          "model.file",
          "dropblock.keep_probability",
          "train.epochs",
          "train.local_batch",
          "train.slots",
          "train.accumulation",
          "train.world",
          "train.learning_rate",
          "train.moving_average.evaluate",
          "train.averaging.wire",
          "train.evaluate_every",
          "train.keep_checkpoints",
          "train.checkpoint_every",
          "train.prefetch");

  /** All keys that differ, in alphabetical order. */
  static List<RecipeChange> between(Recipe before, Recipe now) {
    Map<String, String> was = values(before);
    Map<String, String> is = values(now);
    Map<String, RecipeChange> changes = new TreeMap<>();
    List<String> keys = new ArrayList<>(was.keySet());
    keys.addAll(is.keySet());
    for (String key : keys) {
      RecipeChange change =
          new RecipeChange(key, was.getOrDefault(key, NOTHING), is.getOrDefault(key, NOTHING));
      if (!change.was.equals(change.is)) {
        changes.put(key, change);
      }
    }
    return List.copyOf(changes.values());
  }

  private static Map<String, String> values(Recipe recipe) {
    Map<String, String> values = new TreeMap<>();
    add(values, "", RecordWriter.tree(recipe));
    return values;
  }

  private static void add(Map<String, String> values, String key, JsonNode node) {
    if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              field -> add(values, Spelling.join(key, field.getKey()), field.getValue()));
    } else {
      values.put(key, node.isTextual() ? node.asText() : node.toString());
    }
  }

  /** Whether a run may go on with it. */
  public boolean isAllowed() {
    return ALLOWED.contains(key);
  }

  /** {@code train.epochs 3 -> 6}. */
  @Override
  public String toString() {
    return key + " " + Spelling.line(was) + " -> " + Spelling.line(is);
  }
}
