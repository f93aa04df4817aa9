package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes of a tree of keys: {@code train.epochs=3} and whole trees laid over others. */
final class Overlay {

  private static final String KEY = "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*";

  private Overlay() {}

  /**
   * The tree that an override stands for.
   *
   * @throws IllegalArgumentException if it is not {@code key.path=value}
   */
  static ObjectNode parse(String override) {
    int equals = override.indexOf('=');
    String path = equals < 0 ? "" : override.substring(0, equals).strip();
    if (!path.matches(KEY)) {
      throw new IllegalArgumentException(
          "Cannot apply override '"
              + Spelling.line(override)
              + "': expected key=value, such as train.epochs=3");
    }
    JsonNode node;
    try {
      node = Yaml.read(override.substring(equals + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot apply override '" + Spelling.line(override) + "': " + e.getMessage(), e);
    }
    String[] keys = path.split("\\.");
    for (int i = keys.length - 1; i >= 0; i--) {
      node = JsonNodeFactory.instance.objectNode().set(keys[i], node);
    }
    return (ObjectNode) node;
  }

  /** Lays {@code over} on {@code base}, in place: blocks merge, all else is replaced. */
  static void merge(ObjectNode base, ObjectNode over) {
    over.fields()
        .forEachRemaining(
            field -> {
              JsonNode below = base.get(field.getKey());
              if (below instanceof ObjectNode block && field.getValue() instanceof ObjectNode top) {
                merge(block, top);
              } else {
                base.set(field.getKey(), field.getValue());
              }
            });
  }
}
