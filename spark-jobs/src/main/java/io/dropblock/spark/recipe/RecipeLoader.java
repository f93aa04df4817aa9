package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.schedule.NearestName;
import io.dropblock.spark.recipe.yaml.Overlay;
import io.dropblock.spark.recipe.yaml.Problem;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.RecordReader;
import io.dropblock.spark.recipe.yaml.Spelling;
import io.dropblock.spark.recipe.yaml.YamlFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * From a name or path to a recipe: the chain of {@code extends}, then overrides, then the records.
 */
final class RecipeLoader {

  private final List<String> names;
  private final Function<String, byte[]> bundled;

  /**
   * @param names of the bundled recipes
   * @param bundled the file of a name
   */
  RecipeLoader(List<String> names, Function<String, byte[]> bundled) {
    this.names = names;
    this.bundled = bundled;
  }

  Recipe load(String nameOrPath, List<String> overrides) {
    String what = "Cannot load recipe " + Spelling.line(nameOrPath);
    List<Problem> problems = new ArrayList<>();
    ObjectNode tree;
    try {
      tree = tree(nameOrPath);
    } catch (IllegalArgumentException e) {
      throw new RecipeException(what, e.getMessage());
    }
    Overlay.merge(tree, changes(overrides, tree, problems), Recipe.class);
    return RecordReader.read(tree, Recipe.class, problems)
        .filter(recipe -> problems.isEmpty())
        .orElseThrow(() -> new RecipeException(what, problems));
  }

  /** All of them in one tree, so that none is lost to a later one that changes its block's kind. */
  private static ObjectNode changes(
      List<String> overrides, ObjectNode base, List<Problem> problems) {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    for (String override : overrides) {
      try {
        ObjectNode change = Overlay.parse(override);
        OldKeys.translate(change, base);
        NetworkText.read(change, Optional.empty());
        Overlay.merge(changes, change);
      } catch (IllegalArgumentException e) {
        problems.add(new Problem("", e.getMessage()));
      }
    }
    return changes;
  }

  static Recipe parse(String yaml) {
    List<Problem> problems = new ArrayList<>();
    ObjectNode tree;
    try {
      tree = YamlFile.block("recipe", "recipe", yaml.getBytes(StandardCharsets.UTF_8));
      OldKeys.translate(tree, JsonNodeFactory.instance.objectNode());
    } catch (IllegalArgumentException e) {
      throw new RecipeException("Cannot read recipe", e.getMessage());
    }
    return RecordReader.read(tree, Recipe.class, problems)
        .orElseThrow(() -> new RecipeException("Cannot read recipe", problems));
  }

  /** The file laid over all that it extends. */
  private ObjectNode tree(String nameOrPath) {
    List<String> chain = new ArrayList<>();
    Deque<ObjectNode> fromBase = new ArrayDeque<>();
    for (String next = nameOrPath; next != null; ) {
      boolean seen = chain.contains(next);
      chain.add(next);
      if (seen) {
        throw new IllegalArgumentException(
            "extends runs in a circle: " + String.join(" -> ", chain));
      }
      ObjectNode tree =
          YamlFile.block(
              "recipe", next, YamlFile.isPath(next) ? YamlFile.read(next) : bundled(next));
      NetworkText.read(tree, Optional.of(next).filter(YamlFile::isPath));
      if (fromBase.isEmpty() && !tree.has("name")) {
        tree.put("name", YamlFile.stem(next));
      }
      JsonNode base = tree.remove("extends");
      fromBase.push(tree);
      next = base == null ? null : extended(base);
    }
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (ObjectNode tree : fromBase) {
      OldKeys.translate(tree, merged);
      Overlay.merge(merged, tree, Recipe.class);
    }
    return merged;
  }

  private static String extended(JsonNode base) {
    if (!base.isTextual() || YamlFile.isPath(base.textValue())) {
      throw new IllegalArgumentException(
          Problem.must("extends", "be the name of a bundled recipe", base).text());
    }
    return base.textValue();
  }

  private byte[] bundled(String name) {
    if (names.contains(name)) {
      return bundled.apply(name);
    }
    String meant =
        NearestName.of(name, names).map(near -> ", did you mean " + near + "?").orElse(".");
    throw new IllegalArgumentException(
        "no bundled recipe has the name '"
            + Spelling.line(name)
            + "'"
            + meant
            + " Bundled are "
            + String.join(", ", names)
            + "; for a file of your own give a path that ends in .yaml");
  }
}
