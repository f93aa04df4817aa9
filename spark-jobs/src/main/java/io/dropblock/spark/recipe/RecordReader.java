package io.dropblock.spark.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tree to a record, component by component: the key is the component's name with underscores.
 *
 * <p>All problems are collected. So that the ranges of the good components are checked too when
 * another one is bad, the record is also constructed with 0, false or null for the bad ones, and
 * what it says about those is left out.
 */
final class RecordReader {

  private final List<Problem> problems;
  private final ValueReader values;
  private final UnknownKeys unknownKeys;

  private RecordReader(Class<? extends Record> root, List<Problem> problems) {
    this.problems = problems;
    this.values = new ValueReader(this::record, problems);
    this.unknownKeys = new UnknownKeys(root);
  }

  /** The record, or nothing if problems were added. */
  static <R extends Record> Optional<R> read(JsonNode tree, Class<R> type, List<Problem> problems) {
    return Optional.ofNullable(type.cast(new RecordReader(type, problems).record(type, "", tree)));
  }

  private Object record(Class<?> type, String path, JsonNode tree) {
    if (!tree.isObject()) {
      problems.add(Problem.must(path.isEmpty() ? "recipe" : path, "be a block of keys", tree));
      return null;
    }
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys =
        Arrays.stream(components).map(component -> Spelling.key(component.getName())).toList();
    tree.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                problems.add(unknownKeys.problem(path, key, keys));
              }
            });
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

  /** What the tree gives, or else the default; null if there is neither. */
  private static JsonNode value(JsonNode tree, String key, RecordComponent component) {
    Default leftOut = component.getAnnotation(Default.class);
    return leftOut == null || tree.has(key) ? tree.get(key) : Yaml.read(leftOut.value());
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
