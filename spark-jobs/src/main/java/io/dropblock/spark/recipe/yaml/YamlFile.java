package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Local files with one block of keys, of at most 1 MB. */
public final class YamlFile {
  private static final int LARGEST = 1 << 20;

  private YamlFile() {}

  /** Whether a text means a file, and not the name of something bundled. */
  public static boolean isPath(String nameOrPath) {
    return nameOrPath.endsWith(".yaml") || nameOrPath.endsWith(".yml") || nameOrPath.contains("/");
  }

  /** The name of a file without its folders and its ending. */
  public static String stem(String nameOrPath) {
    return nameOrPath.replaceAll(".*/", "").replaceAll("\\.ya?ml$", "");
  }

  /**
   * The bytes of a file; of a larger one a byte more than there may be.
   *
   * @throws IllegalArgumentException in one line, if it cannot be read
   */
  public static byte[] read(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no such file", e);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException("it cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The keys in a file's bytes.
   *
   * @param what the file holds, for messages: {@code recipe}
   * @param source its name
   * @throws IllegalArgumentException in one line, if they are not YAML with one block of keys
   */
  public static ObjectNode block(String what, String source, byte[] bytes) {
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
      throw new IllegalArgumentException(Problem.must(what, "be a block of keys", tree).text());
    }
    return block;
  }
}
