package io.dropblock.spark.recipe;

import io.dropblock.schedule.NearestName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Words the problem of a key that no record has, with the key that was meant. */
final class UnknownKeys {

  private final List<String> allKeys;

  UnknownKeys(Class<? extends Record> root) {
    this.allKeys = keys(root, "");
  }

  /** Every key below a record type, with its path: {@code train}, {@code train.epochs}. */
  static List<String> keys(Class<?> type, String path) {
    List<String> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = Spelling.join(path, Spelling.key(component.getName()));
      keys.add(key);
      if (component.getType().isRecord()) {
        keys.addAll(keys(component.getType(), key));
      }
    }
    return keys;
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
