package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tree to a record, component by component: the key is the component's name with underscores. A
 * block of a {@link Tagged} interface becomes the record that its key {@code kind} names.
 *
 * <p>All problems are collected. So that the ranges of the good components are checked too when
 * another one is bad, the record is also constructed with 0, false or null for the bad ones, and
 * what it says about those is left out.
 */
public final class RecordReader {

  private final List<Problem> problems;
  private final ValueReader values;
  private final UnknownKeys unknownKeys;

  private RecordReader(Class<? extends Record> root, List<Problem> problems) {
    this.problems = problems;
    this.values = new ValueReader(this::block, problems);
    this.unknownKeys = new UnknownKeys(root);
  }

  /** The record, or nothing if problems were added. */
  public static <R extends Record> Optional<R> read(
      JsonNode tree, Class<R> type, List<Problem> problems) {
    return Optional.ofNullable(type.cast(new RecordReader(type, problems).block(type, "", tree)));
  }

  private Object block(Class<?> type, String path, JsonNode tree) {
    if (!tree.isObject()) {
      problems.add(Problem.must(path.isEmpty() ? "recipe" : path, "be a block of keys", tree));
      return null;
    }
    return Kinds.has(type)
        ? oneOf(Kinds.of(type), path, tree)
        : record(type, path, tree, Optional.empty());
  }

  private Object oneOf(Kinds kinds, String path, JsonNode tree) {
    String key = Spelling.join(path, Kinds.KEY);
    String expected = "be one of " + String.join(", ", kinds.words());
    JsonNode kind = tree.get(Kinds.KEY);
    if (kind == null) {
      problems.add(new Problem(key, "Missing key " + key + ": must " + expected));
      return null;
    }
    Optional<Class<?>> record = Kinds.word(tree).flatMap(kinds::record);
    if (record.isEmpty()) {
      String meant = ValueReader.nearest(kinds.words(), kind);
      problems.add(Problem.must(key, expected + meant, kind));
      return null;
    }
    return record(record.get(), path, tree, Optional.of(kinds));
  }

  /**
   * @param kinds that it is one of, if it is
   */
  private Object record(Class<?> type, String path, JsonNode tree, Optional<Kinds> kinds) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys =
        Arrays.stream(components).map(component -> Spelling.key(component.getName())).toList();
    refuseOthers(keys, path, tree, kinds);
    Object[] arguments = new Object[components.length];
    Set<String> bad = new HashSet<>();
    for (int i = 0; i < components.length; i++) {
      String key = Spelling.join(path, keys.get(i));
      int before = problems.size();
      arguments[i] = component(components[i], key, value(tree, keys.get(i), components[i]));
      if (problems.size() > before) {
        bad.add(key);
      }
    }
    return construct(type, arguments, bad);
  }

  private void refuseOthers(List<String> keys, String path, JsonNode tree, Optional<Kinds> kinds) {
    List<String> known = new ArrayList<>(keys);
    kinds.ifPresent(all -> known.add(0, Kinds.KEY));
    tree.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                String others = kinds.map(all -> all.having(key)).orElse("");
                problems.add(
                    others.isEmpty()
                        ? unknownKeys.problem(path, key, known)
                        : UnknownKeys.ofOtherKinds(path, key, others));
              }
            });
  }

  /** What the tree gives, or else the default; null if there is neither. */
  private static JsonNode value(JsonNode tree, String key, RecordComponent component) {
    Default leftOut = component.getAnnotation(Default.class);
    if (leftOut == null) {
      return tree.get(key);
    }
    JsonNode otherwise = Yaml.read(leftOut.value());
    if (Kinds.has(component.getType())
        && otherwise instanceof ObjectNode below
        && tree.get(key) instanceof ObjectNode given
        && !given.has(Kinds.KEY)) {
      Overlay.merge(below, given);
      return below;
    }
    return tree.has(key) ? tree.get(key) : otherwise;
  }

  private Object component(RecordComponent component, String key, JsonNode value) {
    boolean optional = component.getType() == Optional.class;
    if (value == null && !optional) {
      String expected = ValueReader.expected(component.getGenericType());
      problems.add(new Problem(key, "Missing key " + key + ": must be " + expected));
    } else if (value != null && !(optional && value.isNull())) {
      Object read = values.read(component.getGenericType(), key, value);
      if (read != null) {
        return read;
      }
    }
    return optional ? Optional.empty() : ValueReader.neutral(component.getType());
  }

  private Object construct(Class<?> type, Object[] arguments, Set<String> bad) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      Object record = constructor.newInstance(arguments);
      return bad.isEmpty() ? record : null;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RecipeException invalid) {
        invalid.problems().stream()
            .filter(problem -> !bad.contains(problem.key()))
            .forEach(problems::add);
        return null;
      }
      throw new IllegalStateException("Cannot construct " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot construct " + type.getName(), e);
    }
  }
}
