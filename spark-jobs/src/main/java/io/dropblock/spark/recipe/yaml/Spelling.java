package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How names and values of records look in a recipe and in its error messages. */
public final class Spelling {

  private static final int LONGEST = 80;

  private Spelling() {}

  /** The key of a record component: {@code localBatch} is {@code local_batch}. */
  public static String key(String component) {
    return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** The word for an enum constant: {@code PAD_CROP} is {@code pad-crop}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The word for one of several records: {@code DropPath} is {@code drop-path}. */
  static String word(Class<?> record) {
    return record.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The path of a key in a block: {@code train} and {@code epochs} are {@code train.epochs}. */
  public static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A value as its author would write it, in one short line; text in quotes. */
  public static String value(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Spelling::value).orElse("nothing");
    }
    if (value instanceof Collection<?> values) {
      return line(values.stream().map(Spelling::value).collect(Collectors.joining(", ", "[", "]")));
    }
    if (value instanceof Enum<?> constant) {
      return word(constant);
    }
    if (value instanceof JsonNode node) {
      return node.isContainerNode() ? line(plain(node)) : value(scalar(node));
    }
    if (value instanceof String text) {
      return "'" + line(text) + "'";
    }
    return value == null ? "nothing" : line(value.toString());
  }

  private static Object scalar(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNumber() ? node.numberValue() : node.asText();
  }

  private static String plain(JsonNode container) {
    return container.toString().replace("\"", "").replace(",", ", ").replace(":", ": ");
  }

  /** At most 80 characters without line ends or control characters. */
  public static String line(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
  }
}
