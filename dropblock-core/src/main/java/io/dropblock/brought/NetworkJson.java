package io.dropblock.brought;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A network's JSON, as {@code ComputationGraphConfiguration.toJson} writes it, from anybody: DL4J's
 * mapper gets it when every class that it names is a known one. JSON of the time before
 * 1.0.0-alpha, which names classes in another way, is refused.
 */
final class NetworkJson {
  private static final String CLASS = "@class";
  private static final int DEEPEST = 32;

  /** Names are shown to people, and are a part of every parameter's. */
  private static final String NAME = "[^\\p{Cntrl}]{1,200}";

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private NetworkJson() {}

  /**
   * The configuration that it holds.
   *
   * @throws IllegalArgumentException if it is none, or names a class that is not known; as the end
   *     of a sentence
   */
  static ComputationGraphConfiguration read(String json) {
    JsonNode tree = tree(json);
    requireGraph(tree);
    JsonNode vertices = tree.get("vertices");
    vertices.fields().forEachRemaining(NetworkJson::requireVertex);
    tree.fields()
        .forEachRemaining(
            field -> {
              if (!field.getKey().equals("vertices")) {
                requireNoClass(field.getKey(), field.getValue());
              }
            });
    ComputationGraphConfiguration read;
    try {
      read = ComputationGraphConfiguration.fromJson(json);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("DL4J cannot read it: " + reason(e), e);
    }
    requireComplete(read);
    return read;
  }

  private static JsonNode tree(String json) {
    try {
      requireShallow(json);
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be read: " + e.getMessage(), e);
    }
  }

  /** Readers of trees and of objects call themselves for each level. */
  private static void requireShallow(String json) throws IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > DEEPEST) {
          throw new IllegalArgumentException("it is nested more than " + DEEPEST + " deep");
        }
      }
    }
  }

  private static void requireGraph(JsonNode tree) {
    if (tree.has("confs")) {
      throw new IllegalArgumentException(
          "it is a MultiLayerNetwork's: write that of its toComputationGraph()");
    }
    if (!tree.isObject()
        || !tree.path("vertices").isObject()
        || tree.get("vertices").isEmpty()
        || !tree.path("vertexInputs").isObject()
        || !tree.path("networkInputs").isArray()
        || !tree.path("networkOutputs").isArray()
        || !tree.path("defaultConfiguration").isObject()) {
      throw new IllegalArgumentException(
          "it is no ComputationGraph's: write getConfiguration().toJson() of one");
    }
  }

  private static void requireVertex(Map.Entry<String, JsonNode> vertex) {
    String name = vertex.getKey();
    JsonNode settings = vertex.getValue();
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException("a vertex has no name that can be printed");
    }
    String at = "vertex '" + name + "'";
    requireOneOf(at, settings, KnownClasses.OF_VERTICES);
    if (!settings.get(CLASS).textValue().endsWith(".LayerVertex")) {
      requireSettings(at, settings);
      return;
    }
    JsonNode configuration = settings.path("layerConf");
    requireOneOf(at, configuration.path("layer"), KnownClasses.OF_LAYERS);
    requireSettings(at, configuration.get("layer"));
    configuration
        .fields()
        .forEachRemaining(
            field -> {
              if (!field.getKey().equals("layer")) {
                requireNoClass(at, field.getValue());
              }
            });
    JsonNode before = settings.path("preProcessor");
    if (!before.isNull() && !before.isMissingNode()) {
      requireOneOf(at, before, KnownClasses.OF_PREPROCESSORS);
      requireSettings(at, before);
    }
    settings
        .fields()
        .forEachRemaining(
            field -> {
              if (!Set.of("layerConf", "preProcessor").contains(field.getKey())) {
                requireNoClass(at, field.getValue());
              }
            });
  }

  private static void requireOneOf(String at, JsonNode node, Set<String> known) {
    String name = node.path(CLASS).isTextual() ? node.get(CLASS).textValue() : "";
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          name.isEmpty()
              ? at + " does not say of which class it is (@class)"
              : at + " is a " + shown(name) + ", which this program does not take");
    }
  }

  /** Objects below a layer: each says its class, or it would be DL4J's older form. */
  private static void requireSettings(String at, JsonNode parent) {
    Iterator<Map.Entry<String, JsonNode>> fields = parent.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode child = field.getValue();
      // a schedule's numbers
      boolean numbers =
          field.getKey().equals("values")
              && !child.has(CLASS)
              && StreamSupport.stream(child.spliterator(), false).allMatch(JsonNode::isNumber);
      if (child.isObject() && !numbers) {
        String name = child.path(CLASS).isTextual() ? child.get(CLASS).textValue() : "";
        if (!KnownClasses.isSetting(name)) {
          throw new IllegalArgumentException(
              at
                  + " has "
                  + (name.isEmpty() ? "a value without @class" : "a " + shown(name))
                  + ", which this program does not take");
        }
      }
      requireSettings(at, child);
      if (child.isArray()) {
        child.elements().forEachRemaining(element -> requireElement(at, element));
      }
    }
  }

  private static void requireElement(String at, JsonNode element) {
    ObjectNode alone = MAPPER.createObjectNode();
    alone.set("element", element);
    requireSettings(at, alone);
  }

  private static void requireNoClass(String at, JsonNode node) {
    if (node.has(CLASS)) {
      throw new IllegalArgumentException(
          at + " has a " + shown(node.get(CLASS).asText()) + ", which this program does not take");
    }
    node.elements().forEachRemaining(child -> requireNoClass(at, child));
  }

  /** What others take for granted. */
  private static void requireComplete(ComputationGraphConfiguration read) {
    if (!read.getVertexInputs().keySet().equals(read.getVertices().keySet())) {
      throw new IllegalArgumentException("its vertices and vertexInputs have other names");
    }
    read.getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex == null) {
                throw new IllegalArgumentException("vertex '" + name + "' is null");
              }
            });
    try {
      read.validate();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("DL4J cannot use it: " + reason(e), e);
    }
  }

  private static String shown(String name) {
    String line = name.replaceAll("[^\\p{Graph}]", "?");
    return line.length() <= 120 ? line : line.substring(0, 117) + "...";
  }

  /** The first line of an error's message; of the cause where DL4J wrapped it. */
  static String reason(RuntimeException error) {
    Throwable told =
        error.getMessage() == null || error.getCause() == null ? error : error.getCause();
    String message = told.getMessage() == null ? told.toString() : told.getMessage();
    return message.lines().findFirst().orElse(told.toString()).replaceAll("\\p{Cntrl}", " ");
  }
}
