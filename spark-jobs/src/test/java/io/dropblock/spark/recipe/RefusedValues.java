package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.recipe.yaml.Problem;
import io.dropblock.spark.recipe.yaml.RecordReader;
import io.dropblock.spark.recipe.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the program says of values that it refuses, key by key: the ranges as they are enforced. */
final class RefusedValues {
  private static final List<String> BUNDLED =
      List.of(
          "imagenet-resnet50-dropblock",
          "imagenet-resnet50-droppath",
          "coco-retinanet-r50-fpn",
          "voc-segmentation-r101-fpn");

  /** Of all kinds, and of all families. */
  private static final List<String> REFERENCES =
      List.of(
          "reference.yaml",
          "reference-resized.yaml",
          "reference-segmentation.yaml",
          "reference-detection.yaml",
          "reference-amoebanet.yaml",
          "reference-graph.yaml",
          "different.yaml",
          "different-detection.yaml");

  private static final List<JsonNode> VALUES =
      Stream.of(
              "-1000000000",
              "-1",
              "0",
              "1",
              "1.5",
              "6",
              "1208",
              "1000000000",
              "-1.0e30",
              "1.0e30",
              "''",
              "scale-crop",
              "pad-crop",
              "amoebanet",
              "drop-path-by-cell",
              "[]",
              "[-1]",
              "[100]",
              "[0, 0, 0]",
              "[-1, -1, -1]",
              "[1000, 1000]",
              "[head]",
              "[branch, skip]",
              "[normalization, head-normalization]")
          .map(Yaml::read)
          .toList();

  /** Types are in a column of their own. */
  private static final Pattern TYPE =
      Pattern.compile(
          "be (a whole number of at most .*|a number|true or false|text|a list, each .*|one of .*"
              + "|a block of keys|given|left out .*|a schedule such as .*)");

  private static final Pattern RULE = Pattern.compile("\\S+ must (.*), not .*");

  private final List<JsonNode> recipes;

  RefusedValues() {
    Recipe adam = Recipe.load("demo", List.of("train.optimizer={kind: adam}"));
    recipes =
        Stream.of(
                REFERENCES.stream().map(RefusedValues::resource),
                BUNDLED.stream().map(name -> Recipe.load(name, List.of()).toYaml()),
                Stream.of(adam.toYaml()))
            .flatMap(texts -> texts)
            .map(Yaml::read)
            .toList();
  }

  /**
   * All rules of a key, as {@code positive; at most 4096}.
   *
   * @param kind of its block; empty where the block has no kinds
   */
  String rules(String key, String kind) {
    Set<String> rules = new LinkedHashSet<>();
    for (JsonNode recipe : having(key, kind)) {
      for (JsonNode value : VALUES) {
        if (isLike(value, recipe.at(pointer(key)))) {
          JsonNode other = recipe.deepCopy();
          block(other, key).set(last(key), value);
          collect(rules, key, other);
        }
      }
    }
    return String.join("; ", rules);
  }

  /** Whether it may be of the type of another value, which may be a schedule's text. */
  private static boolean isLike(JsonNode value, JsonNode other) {
    return other.isTextual() ? value.isValueNode() : value.getNodeType() == other.getNodeType();
  }

  /** Whether some recipe that has it cannot be without it. */
  boolean isMissed(String key, String kind) {
    return having(key, kind).stream()
        .anyMatch(
            recipe -> {
              block(recipe, key).remove(last(key));
              return !problems(recipe).isEmpty();
            });
  }

  private List<JsonNode> having(String key, String kind) {
    List<JsonNode> having = new ArrayList<>();
    for (JsonNode tree : recipes) {
      JsonNode value = tree.at(pointer(key));
      boolean fits = kind.isEmpty() || block(tree, key).path("kind").asText().equals(kind);
      if ((value.isValueNode() || value.isArray()) && fits) {
        having.add(tree.deepCopy());
      }
    }
    return having;
  }

  private static void collect(Set<String> rules, String key, JsonNode recipe) {
    String family = "family " + recipe.at("/model/family").asText();
    for (Problem problem : problems(recipe)) {
      Matcher rule = RULE.matcher(problem.text());
      if (problem.key().equals(key) && rule.matches() && !TYPE.matcher(rule.group(1)).matches()) {
        rules.add(
            rule.group(1)
                .replace("this model.family", family)
                // the numbers of the recipe at hand
                .replaceAll(", \\d+(?=$|, (as|and) )", "")
                .replaceFirst("^be ", ""));
      }
    }
  }

  private static List<Problem> problems(JsonNode recipe) {
    List<Problem> problems = new ArrayList<>();
    RecordReader.read(recipe, Recipe.class, problems);
    return problems;
  }

  private static ObjectNode block(JsonNode tree, String key) {
    int dot = key.lastIndexOf('.');
    return (ObjectNode) (dot < 0 ? tree : tree.at(pointer(key.substring(0, dot))));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static String pointer(String key) {
    return "/" + key.replace('.', '/');
  }

  private static String resource(String file) {
    try (var in = RefusedValues.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
