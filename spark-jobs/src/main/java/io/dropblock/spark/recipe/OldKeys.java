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
  private static final String MOMENTUM = "momentum";

  private OldKeys() {}

  /**
   * Translates one file or one override, in place.
   *
   * @param base what it will be laid over
   * @throws IllegalArgumentException if it says the same in both ways, a value cannot be
   *     translated, or it would turn the optimizer of the base into another one without a word
   */
  static void translate(ObjectNode tree, ObjectNode base) {
    if (tree.get("train") instanceof ObjectNode train) {
      translateTrain(train, base.at("/train/optimizer/kind").asText(MOMENTUM));
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

  /**
   * @param optimizer kind of the base's
   */
  private static void translateTrain(ObjectNode train, String optimizer) {
    JsonNode momentum = train.get(MOMENTUM);
    if (momentum != null) {
      if (train.has("optimizer")) {
        throw new IllegalArgumentException(
            "train.momentum is the old way to write train.optimizer: give train.optimizer alone");
      }
      if (!optimizer.equals(MOMENTUM)) {
        throw new IllegalArgumentException(
            "train.momentum is the old way to write train.optimizer of kind momentum, and the"
                + " recipe's is "
                + optimizer
                + ": give train.optimizer in its place");
      }
      train.remove(MOMENTUM);
      train.set("optimizer", NODES.objectNode().put("kind", MOMENTUM).set(MOMENTUM, momentum));
    }
    JsonNode decay = train.get("weight_decay");
    if (decay != null && decay.isValueNode()) {
      train.set("weight_decay", NODES.objectNode().set("rate", decay));
    }
  }
}
