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
import io.dropblock.spark.recipe.yaml.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * From a name or path to a recipe: the chain of {@code extends}, then overrides, then the records.
 */
final class RecipeLoader {

  private static final int LARGEST = 1 << 20;

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
      tree = block("recipe", yaml.getBytes(StandardCharsets.UTF_8));
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
      ObjectNode tree = block(next, isPath(next) ? file(next) : bundled(next));
      if (fromBase.isEmpty() && !tree.has("name")) {
        tree.put("name", stem(next));
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
    if (!base.isTextual() || isPath(base.textValue())) {
      throw new IllegalArgumentException(
          Problem.must("extends", "be the name of a bundled recipe", base).text());
    }
    return base.textValue();
  }

  private static ObjectNode block(String source, byte[] bytes) {
    if (bytes.length > LARGEST) {
      throw new IllegalArgumentException(Spelling.line(source) + " is larger than 1 MB");
    }
    JsonNode tree;
    try {
      tree =
          Yaml.read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(Spelling.line(source) + " is not UTF-8 text", e);
    }
    if (!(tree instanceof ObjectNode block)) {
      throw new IllegalArgumentException(Problem.must("recipe", "be a block of keys", tree).text());
    }
    return block;
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

  private static byte[] file(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no such file", e);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException("it cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static boolean isPath(String nameOrPath) {
    return nameOrPath.endsWith(".yaml") || nameOrPath.endsWith(".yml") || nameOrPath.contains("/");
  }

  private static String stem(String nameOrPath) {
    return nameOrPath.replaceAll(".*/", "").replaceAll("\\.ya?ml$", "");
  }
}
