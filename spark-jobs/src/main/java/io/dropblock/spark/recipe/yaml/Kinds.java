package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The records of a {@link Tagged} interface, by the words of their key {@code kind}. */
final class Kinds {

  static final String KEY = "kind";

  private final Map<String, Class<?>> records = new TreeMap<>();

  private Kinds(Class<?> tagged) {
    for (Class<?> record : tagged.getPermittedSubclasses()) {
      records.put(Spelling.word(record), record);
    }
  }

  static boolean has(Class<?> type) {
    return type.isAnnotationPresent(Tagged.class);
  }

  static Kinds of(Class<?> tagged) {
    return new Kinds(tagged);
  }

  /** The word of a record, if it is one of several. */
  static Optional<String> word(Record record) {
    return Arrays.stream(record.getClass().getInterfaces()).anyMatch(Kinds::has)
        ? Optional.of(Spelling.word(record.getClass()))
        : Optional.empty();
  }

  /** The word that a block gives, if it gives one. */
  static Optional<String> word(JsonNode block) {
    return Optional.ofNullable(block.get(KEY)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** In alphabetical order. */
  List<String> words() {
    return List.copyOf(records.keySet());
  }

  List<Class<?>> records() {
    return List.copyOf(records.values());
  }

  /** The record of a word, if there is one. */
  Optional<Class<?>> record(String word) {
    return Optional.ofNullable(records.get(word));
  }

  /** The kinds that have a key, joined; empty if none has. */
  String having(String key) {
    return records.entrySet().stream()
        .filter(kind -> keys(kind.getValue()).contains(key))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(" and "));
  }

  private static List<String> keys(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .map(RecordComponent::getName)
        .map(Spelling::key)
        .toList();
  }
}
