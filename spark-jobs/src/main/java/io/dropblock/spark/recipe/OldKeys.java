package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Keys that recipes had before, in files and in checkpoints, as those of today: {@code
 * train.momentum}, which was Nesterov's, is {@code train.optimizer.momentum}, and a number {@code
 * train.weight_decay} is its {@code rate}. What the old keys did not say is left to the recipe
 * below or to the defaults, which are what it then was.
 */
final class OldKeys {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private OldKeys() {}

  /**
   * Translates one file or one override, in place.
   *
   * @throws IllegalArgumentException if it says the same in both ways
   */
  static void translate(ObjectNode tree) {
    if (!(tree.get("train") instanceof ObjectNode train)) {
      return;
    }
    JsonNode momentum = train.get("momentum");
    if (momentum != null) {
      if (train.has("optimizer")) {
        throw new IllegalArgumentException(
            "train.momentum is the old way to write train.optimizer: give train.optimizer alone");
      }
      train.remove("momentum");
      train.set("optimizer", NODES.objectNode().put("kind", "momentum").set("momentum", momentum));
    }
    JsonNode decay = train.get("weight_decay");
    if (decay != null && decay.isValueNode()) {
      train.set("weight_decay", NODES.objectNode().set("rate", decay));
    }
  }
}
