package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * YAML to a tree and back, for text from outside. Tags create no types: Jackson's tree ignores
 * them.
 */
public final class Yaml {

  private static final int DEEPEST = 32;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private Yaml() {}

  /**
   * The tree of the text; empty text is null.
   *
   * @throws IllegalArgumentException in one line, if the text is not plain YAML: a syntax error, a
   *     duplicate key, an alias, a second document, a number with a leading zero
   */
  public static JsonNode read(String text) {
    try {
      refuseOddities(text);
      JsonNode tree = MAPPER.readTree(text);
      return tree.isMissingNode() ? NullNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(oneLine(e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The text of a tree; all text values in quotes, so that none reads back as a number. */
  public static String write(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + tree + " as YAML", e);
    }
  }

  /**
   * Refuses what Jackson would read silently as something else, and nesting, which costs SnakeYAML
   * quadratic time.
   */
  private static void refuseOddities(String text) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      int depth = 0;
      boolean done = false;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (done) {
          throw odd("holds a second document", parser);
        }
        if (parser.isCurrentAlias()) {
          throw odd("alias *" + parser.getText() + " is not supported", parser);
        }
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getText().matches("[+-]?0[0-9_]+")) {
          throw odd(parser.getText() + " would be octal in YAML, drop the leading 0", parser);
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > DEEPEST) {
          throw odd("nested more than " + DEEPEST + " deep", parser);
        }
        done = depth == 0;
      }
    }
  }

  private static IllegalArgumentException odd(String what, YAMLParser parser) {
    return new IllegalArgumentException(
        Spelling.line(what) + " (line " + parser.getTokenLocation().getLineNr() + ")");
  }

  private static String oneLine(JsonProcessingException e) {
    // SnakeYAML draws the place below its sentences, on lines that start with a space.
    String sentences =
        e.getOriginalMessage()
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .collect(Collectors.joining(", "));
    String line = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    return sentences.replaceAll("\\p{Cntrl}", " ") + line;
  }
}
