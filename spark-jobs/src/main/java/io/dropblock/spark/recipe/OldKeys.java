package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.recipe.yaml.Problem;

/**
 * Keys that recipes had before, in files and in checkpoints, as those of today: {@code
 * train.momentum}, which was Nesterov's, is {@code train.optimizer.momentum}, a number {@code
 * train.weight_decay} is its {@code rate}, and {@code data.auto_augment} is one word or the other
 * of {@code data.augment}. What the old keys did not say is left to the recipe below or to the
 * defaults, which are what it then was.
 */
final class OldKeys {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private OldKeys() {}

  /**
   * Translates one file or one override, in place.
   *
   * @throws IllegalArgumentException if it says the same in both ways, or a value cannot be
   *     translated
   */
  static void translate(ObjectNode tree) {
    if (tree.get("train") instanceof ObjectNode train) {
      translateTrain(train);
    }
    if (tree.get("data") instanceof ObjectNode data) {
      translateData(data);
    }
  }

  private static void translateData(ObjectNode data) {
    JsonNode auto = data.get("auto_augment");
    if (auto == null) {
      return;
    }
    if (data.has("augment")) {
      throw new IllegalArgumentException(
          "data.auto_augment is the old way to write data.augment: give data.augment alone");
    }
    if (!auto.isBoolean()) {
      throw new IllegalArgumentException(
          Problem.must("data.auto_augment", "be true or false", auto).text());
    }
    data.remove("auto_augment");
    data.put("augment", auto.booleanValue() ? "auto-augment" : "none");
  }

  private static void translateTrain(ObjectNode train) {
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
