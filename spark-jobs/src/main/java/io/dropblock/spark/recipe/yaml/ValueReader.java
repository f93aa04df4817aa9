package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropblock.schedule.NearestName;
import io.dropblock.schedule.Schedule;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One value of a tree to the type of a record component; nothing is converted silently. */
final class ValueReader {

  /** Reads a nested record, or one of several. */
  interface Records {
    Object read(Class<?> type, String path, JsonNode tree);
  }

  private final Records records;
  private final List<Problem> problems;

  ValueReader(Records records, List<Problem> problems) {
    this.records = records;
    this.problems = problems;
  }

  /** The value, or null if a problem was added. */
  Object read(Type type, String key, JsonNode node) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return Optional.ofNullable(read(element, key, node));
      }
      return collection(generic, element, key, node);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == Schedule.class && (node.isTextual() || node.isNumber())) {
      return schedule(key, node);
    }
    if (isBlock(plain)) {
      return records.read(plain, key, node);
    }
    Object value = plain.isEnum() ? constant(plain, node) : scalar(plain, node);
    if (value == null) {
      problems.add(Problem.must(key, "be " + expected(type) + nearest(plain, node), node));
    }
    return value;
  }

  private static Object scalar(Class<?> type, JsonNode node) {
    if (type == int.class || type == Integer.class) {
      return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
    }
    if (type == long.class || type == Long.class) {
      return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
    }
    if (type == double.class || type == Double.class) {
      return node.isNumber() && Double.isFinite(node.doubleValue()) ? node.doubleValue() : null;
    }
    if (type == boolean.class) {
      return node.isBoolean() ? node.booleanValue() : null;
    }
    if (type == String.class) {
      return node.isTextual() ? node.textValue() : null;
    }
    return null;
  }

  private static Object constant(Class<?> type, JsonNode node) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> node.isTextual() && word(constant).equals(node.textValue()))
        .findFirst()
        .orElse(null);
  }

  private Object schedule(String key, JsonNode node) {
    try {
      return Schedule.parse(node.asText());
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(key, key + ": " + e.getMessage()));
      return null;
    }
  }

  private Object collection(ParameterizedType type, Type element, String key, JsonNode node) {
    if (!node.isArray()) {
      problems.add(Problem.must(key, "be " + expected(type), node));
      return null;
    }
    boolean distinct = type.getRawType() == Set.class;
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Object value = read(element, key + "[" + i + "]", node.get(i));
      if (distinct && value != null && values.contains(value)) {
        problems.add(new Problem(key, key + " names " + Spelling.value(value) + " twice"));
      }
      values.add(value);
    }
    if (values.contains(null)) {
      return null;
    }
    return distinct ? new LinkedHashSet<>(values) : values;
  }

  /** What stands in for a bad component while the others are checked. */
  static Object neutral(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    return type == double.class ? (Object) 0.0 : null;
  }

  /** What a value of this type looks like, for messages. */
  static String expected(Type type) {
    if (type instanceof ParameterizedType generic) {
      return "a list, each " + expected(generic.getActualTypeArguments()[0]);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return "one of "
          + Arrays.stream(plain.getEnumConstants())
              .map(ValueReader::word)
              .collect(Collectors.joining(", "));
    }
    if (plain == Schedule.class) {
      return "a schedule such as 0.1 or linear(1.0, 0.9)";
    }
    if (isBlock(plain)) {
      return "a block of keys";
    }
    return switch (plain.getSimpleName()) {
      case "int", "Integer" -> "a whole number of at most 32 bits";
      case "long", "Long" -> "a whole number of at most 64 bits";
      case "double", "Double" -> "a number";
      case "boolean" -> "true or false";
      case "String" -> "text";
      default -> throw new IllegalStateException("Cannot read " + plain + " from a recipe");
    };
  }

  private static boolean isBlock(Class<?> type) {
    return type.isRecord() || Kinds.has(type);
  }

  private static String nearest(Class<?> type, JsonNode node) {
    return type.isEnum()
        ? nearest(Arrays.stream(type.getEnumConstants()).map(ValueReader::word).toList(), node)
        : "";
  }

  /** The word that was meant, in brackets behind those that are possible. */
  static String nearest(List<String> words, JsonNode node) {
    if (!node.isTextual()) {
      return "";
    }
    return NearestName.of(node.textValue(), words)
        .map(near -> " (did you mean " + near + "?)")
        .orElse("");
  }

  private static String word(Object constant) {
    return Spelling.word((Enum<?>) constant);
  }
}
