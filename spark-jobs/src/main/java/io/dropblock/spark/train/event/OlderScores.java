package io.dropblock.spark.train.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Translates what event logs and checkpoints of versions 1 and 2 say of accuracy into scores: they
 * had top-1 and top-5 in fields of their own.
 */
public final class OlderScores {
  private static final String TOP_1 = "top-1";

  private OlderScores() {}

  /** An event: {@code top1} and {@code top5} become {@code scores}. */
  static void ofEvent(ObjectNode fields) {
    JsonNode top1 = fields.remove("top1");
    JsonNode top5 = fields.remove("top5");
    if (isNumber(top1)) {
      ArrayNode main = scores(fields);
      add(main, TOP_1, top1);
      if (isNumber(top5)) {
        add(main, "top-5", top5);
      }
    }
  }

  /** A manifest: {@code top1} becomes {@code scores}, best and its epoch one object. */
  public static void ofManifest(ObjectNode fields) {
    JsonNode top1 = fields.remove("top1");
    JsonNode best = fields.remove("best");
    JsonNode epoch = fields.remove("best_epoch");
    if (isNumber(top1)) {
      add(scores(fields), TOP_1, top1);
    }
    if (isNumber(best) && isNumber(epoch)) {
      ObjectNode found = fields.putObject("best");
      found.put("score", TOP_1);
      found.set("value", best);
      found.set("epoch", epoch);
    }
  }

  private static boolean isNumber(JsonNode node) {
    return node != null && node.isNumber();
  }

  private static ArrayNode scores(ObjectNode fields) {
    ObjectNode scores = fields.putObject("scores");
    ArrayNode main = scores.putArray("main");
    scores.putArray("details");
    scores.putArray("notes");
    return main;
  }

  private static void add(ArrayNode main, String name, JsonNode value) {
    ObjectNode score = main.addObject();
    score.put("name", name);
    score.set("value", value);
    score.put("unit", "SHARE");
  }
}
