package io.dropblock.spark.recipe.yaml;

import io.dropblock.schedule.NearestName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Words the problem of a key that no record has, with the key that was meant. */
public final class UnknownKeys {

  private final List<String> allKeys;

  UnknownKeys(Class<? extends Record> root) {
    this.allKeys = keys(root, "");
  }

  /**
   * Every key below a record type, with its path: {@code train}, {@code train.epochs}; of a block
   * that can be one of several those of all kinds.
   */
  public static List<String> keys(Class<?> type, String path) {
    List<String> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = Spelling.join(path, Spelling.key(component.getName()));
      keys.add(key);
      Class<?> block = block(component);
      if (block.isRecord()) {
        keys.addAll(keys(block, key));
      } else if (Kinds.has(component.getType())) {
        keys.add(Spelling.join(key, Kinds.KEY));
        for (Class<?> record : Kinds.of(component.getType()).records()) {
          keys(record, key).stream().filter(known -> !keys.contains(known)).forEach(keys::add);
        }
      }
    }
    return keys;
  }

  /** The type of a block, or of the one that an optional may hold. */
  private static Class<?> block(RecordComponent component) {
    return component.getType() == Optional.class
            && component.getGenericType() instanceof ParameterizedType optional
            && optional.getActualTypeArguments()[0] instanceof Class<?> held
        ? held
        : component.getType();
  }

  /** A key that other kinds of the block have. */
  static Problem ofOtherKinds(String path, String key, String kinds) {
    String full = Spelling.join(path, key);
    String block = path.substring(path.lastIndexOf('.') + 1);
    return new Problem(full, full + " is for " + block + " " + kinds + " only");
  }

  Problem problem(String path, String key, List<String> siblings) {
    String full = Spelling.join(path, key);
    Optional<String> meant =
        NearestName.of(key, siblings)
            .map(near -> Spelling.join(path, near))
            .or(() -> allKeys.stream().filter(known -> known.endsWith("." + key)).findFirst());
    String help =
        meant
            .map(near -> ": did you mean " + near + "?")
            .orElse(": known here are " + String.join(", ", siblings));
    return new Problem(full, "Unknown key " + Spelling.line(full) + help);
  }
}
