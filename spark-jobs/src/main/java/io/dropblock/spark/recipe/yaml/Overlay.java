package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;

/** Changes of a tree of keys: {@code train.epochs=3} and whole trees laid over others. */
public final class Overlay {

  private static final String KEY = "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*";

  private Overlay() {}

  /**
   * The tree that an override stands for.
   *
   * @throws IllegalArgumentException if it is not {@code key.path=value}
   */
  public static ObjectNode parse(String override) {
    int equals = override.indexOf('=');
    String path = equals < 0 ? "" : override.substring(0, equals).strip();
    if (!path.matches(KEY)) {
      throw new IllegalArgumentException(
          "Cannot apply override '"
              + Spelling.line(override)
              + "': expected key=value, such as train.epochs=3");
    }
    JsonNode node;
    try {
      node = Yaml.read(override.substring(equals + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot apply override '" + Spelling.line(override) + "': " + e.getMessage(), e);
    }
    String[] keys = path.split("\\.");
    for (int i = keys.length - 1; i >= 0; i--) {
      node = JsonNodeFactory.instance.objectNode().set(keys[i], node);
    }
    return (ObjectNode) node;
  }

  /** Lays {@code over} on {@code base}, in place: blocks merge, all else is replaced. */
  public static void merge(ObjectNode base, ObjectNode over) {
    merge(base, over, Void.class);
  }

  /**
   * The same for trees of a type. A block that becomes another kind of its {@link Tagged} interface
   * keeps nothing of what it was.
   *
   * @param type a record, or a {@link Tagged} interface; any other is a block of which nothing is
   *     known
   */
  public static void merge(ObjectNode base, ObjectNode over, Class<?> type) {
    Class<?> record = Kinds.has(type) ? kind(base, over, type) : type;
    over.fields()
        .forEachRemaining(
            field -> {
              JsonNode below = base.get(field.getKey());
              Optional<RecordComponent> component = component(record, field.getKey());
              if (below instanceof ObjectNode block
                  && field.getValue() instanceof ObjectNode top
                  && !component.map(of -> changesKind(of, block, top)).orElse(false)) {
                merge(
                    block,
                    top,
                    component.<Class<?>>map(RecordComponent::getType).orElse(Void.class));
              } else {
                base.set(field.getKey(), field.getValue());
              }
            });
  }

  private static Class<?> kind(ObjectNode base, ObjectNode over, Class<?> tagged) {
    return Kinds.word(over)
        .or(() -> Kinds.word(base))
        .flatMap(Kinds.of(tagged)::record)
        .orElse(Void.class);
  }

  private static Optional<RecordComponent> component(Class<?> record, String key) {
    return record.isRecord()
        ? Arrays.stream(record.getRecordComponents())
            .filter(component -> Spelling.key(component.getName()).equals(key))
            .findFirst()
        : Optional.empty();
  }

  private static boolean changesKind(RecordComponent component, ObjectNode base, ObjectNode over) {
    if (!Kinds.has(component.getType())) {
      return false;
    }
    Optional<String> was = Kinds.word(base).or(() -> wordLeftOut(component));
    Optional<String> is = Kinds.word(over);
    return was.isPresent() && is.isPresent() && !was.equals(is);
  }

  private static Optional<String> wordLeftOut(RecordComponent component) {
    return Optional.ofNullable(component.getAnnotation(Default.class))
        .flatMap(leftOut -> Kinds.word(Yaml.read(leftOut.value())));
  }
}
