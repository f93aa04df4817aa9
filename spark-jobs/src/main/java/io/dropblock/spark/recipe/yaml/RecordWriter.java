package io.dropblock.spark.recipe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.schedule.Schedule;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;

/** Records to a tree, the way back of {@link RecordReader}. */
public final class RecordWriter {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RecordWriter() {}

  /**
   * One key a component, behind the kind where it is one of several; an empty optional has none.
   */
  public static ObjectNode tree(Record record) {
    ObjectNode tree = NODES.objectNode();
    Kinds.word(record).ifPresent(word -> tree.put(Kinds.KEY, word));
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = component(record, component);
      Object present = value instanceof Optional<?> optional ? optional.orElse(null) : value;
      if (present != null) {
        tree.set(Spelling.key(component.getName()), node(present));
      }
    }
    return tree;
  }

  private static Object component(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component + " of " + record, e);
    }
  }

  private static JsonNode node(Object value) {
    if (value instanceof Record record && !(value instanceof Schedule)) {
      return tree(record);
    }
    if (value instanceof Collection<?> values) {
      ArrayNode array = NODES.arrayNode();
      values.forEach(element -> array.add(node(element)));
      return array;
    }
    if (value instanceof Integer number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    return NODES.textNode(
        value instanceof Enum<?> constant ? Spelling.word(constant) : value.toString());
  }
}
