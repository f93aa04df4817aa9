package io.dropblock.spark.recipe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.yaml.Spelling;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The file that a recipe's {@code model.file} names, read where the recipe is: its text becomes
 * {@code model.network}, so that a run's own recipe has all of the network in it.
 */
final class NetworkText {
  private static final int LARGEST = 2 << 20;

  /** Of the text without spaces: a recipe is at most 1 MB, and its quotes take room, too. */
  private static final int LONGEST = 600_000;

  private static final int DEEPEST = 32;
  private static final String PREFIX = "spark.hadoop.";

  private static final JsonFactory JSON =
      JsonFactory.builder().build().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private NetworkText() {}

  /**
   * Adds the network to a tree whose model names a file and has none yet.
   *
   * @param tree of a recipe, or of one override
   * @param recipe path of the recipe's file, from whose folder paths go; from the working directory
   *     if empty
   * @throws IllegalArgumentException in one line, if the file cannot be read
   */
  static void read(ObjectNode tree, Optional<String> recipe) {
    if (tree.get("model") instanceof ObjectNode model
        && model.path("file").isTextual()
        && !model.has("network")) {
      String file = model.get("file").textValue();
      String from = file.contains("://") || file.startsWith("file:/") ? file : local(file, recipe);
      try {
        model.put("network", compact(text(from)));
      } catch (IOException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "Cannot read network " + Spelling.line(from) + " (model.file): " + reason(e), e);
      }
    }
  }

  private static String local(String file, Optional<String> recipe) {
    Path path = Path.of(file);
    return recipe
        .map(Path::of)
        .map(it -> it.toAbsolutePath().resolveSibling(path))
        .orElse(path.toAbsolutePath())
        .normalize()
        .toString();
  }

  private static String text(String from) throws IOException {
    byte[] bytes;
    try (InputStream in =
        from.startsWith("/") ? Files.newInputStream(Path.of(from)) : remote(from)) {
      bytes = in.readNBytes(LARGEST + 1);
    }
    if (bytes.length > LARGEST) {
      throw new IllegalArgumentException("it is larger than 2 MB");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not UTF-8 text", e);
    }
  }

  /** On any file system, with Hadoop's settings of the submitted application. */
  private static InputStream remote(String address) throws IOException {
    Configuration configuration = new Configuration();
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith(PREFIX))
        .forEach(
            name -> configuration.set(name.substring(PREFIX.length()), System.getProperty(name)));
    org.apache.hadoop.fs.Path path = HadoopPath.of(address, configuration);
    return HadoopPath.fileSystem(path, configuration).open(path);
  }

  /** The same JSON without spaces between its parts. */
  private static String compact(String text) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonParser parser = JSON.createParser(text);
        JsonGenerator generator = JSON.createGenerator(out)) {
      int depth = 0;
      int values = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values += depth == 0 ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > DEEPEST || values > 1) {
          throw new IllegalArgumentException(
              values > 1 ? "something follows its JSON" : "it is nested more than 32 deep");
        }
        generator.copyCurrentEvent(parser);
      }
    }
    if (out.getBuffer().length() > LONGEST) {
      throw new IllegalArgumentException(
          "its JSON has more than " + LONGEST + " characters without spaces");
    }
    return out.toString();
  }

  private static String reason(Exception error) {
    if (error instanceof NoSuchFileException || error instanceof FileNotFoundException) {
      return "there is no such file";
    }
    String message =
        error instanceof JsonProcessingException json
            ? "it is not JSON: " + json.getOriginalMessage()
            : error.getMessage();
    return Spelling.line(message == null ? error.toString() : message);
  }

  /** All of a network but its last layer, as text. */
  static String trunk(String network) {
    try {
      JsonNode tree = new ObjectMapper().readTree(network);
      for (String block : new String[] {"vertices", "vertexInputs"}) {
        if (tree.get(block) instanceof ObjectNode all) {
          tree.path("networkOutputs").forEach(name -> all.remove(name.asText()));
        }
      }
      return tree.path("vertices") + " " + tree.path("vertexInputs");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
