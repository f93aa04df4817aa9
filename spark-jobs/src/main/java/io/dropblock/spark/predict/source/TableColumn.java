package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.DataException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * A column of a Parquet table.
 *
 * @param path its name; of a field of a struct the struct's first: {@code image, bytes}
 */
record TableColumn(List<String> path) implements Serializable {
  /** With dots between a struct and its field. */
  static TableColumn of(String name) {
    return new TableColumn(List.of(name.split("\\.")));
  }

  @Override
  public String toString() {
    return String.join(".", path);
  }

  /** All columns of bytes that are no text, in their order. */
  static List<TableColumn> ofBytes(GroupType schema) {
    List<TableColumn> found = new ArrayList<>();
    for (Type field : schema.getFields()) {
      if (isBytes(field)) {
        found.add(new TableColumn(List.of(field.getName())));
      } else if (!field.isPrimitive() && !field.isRepetition(Repetition.REPEATED)) {
        for (TableColumn inner : ofBytes(field.asGroupType())) {
          List<String> path = new ArrayList<>(List.of(field.getName()));
          path.addAll(inner.path);
          found.add(new TableColumn(path));
        }
      }
    }
    return found;
  }

  private static boolean isBytes(Type field) {
    return field.isPrimitive()
        && !field.isRepetition(Repetition.REPEATED)
        && field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && !(field.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation);
  }

  /**
   * Checks that a table has it, with one value at most in a row.
   *
   * @param bytes whether it must be one of bytes
   * @throws DataException where it is not
   */
  void require(MessageType schema, boolean bytes, Path file) {
    Type at = schema;
    for (String name : path) {
      boolean there = !at.isPrimitive() && at.asGroupType().containsField(name);
      if (!there) {
        throw new DataException(
            "Cannot read column " + this + " of " + file + ": its columns are " + names(schema));
      }
      at = at.asGroupType().getType(name);
      if (at.isRepetition(Repetition.REPEATED)) {
        throw new DataException(
            "Cannot read column " + this + " of " + file + ": it is a list; name another column");
      }
    }
    if (!at.isPrimitive() || bytes && !isBytes(at)) {
      throw new DataException(
          "Cannot read column "
              + this
              + " of "
              + file
              + ": it is no column of "
              + (bytes ? "bytes" : "single values")
              + "; its columns are "
              + names(schema));
    }
  }

  private static String names(GroupType schema) {
    return String.join(", ", schema.getFields().stream().map(Type::getName).toList());
  }

  /** Its part of a table's schema. */
  MessageType of(MessageType schema) {
    return new MessageType(schema.getName(), only(schema, 0));
  }

  private Type only(GroupType in, int depth) {
    Type field = in.getType(path.get(depth));
    return field.isPrimitive()
        ? field
        : field.asGroupType().withNewFields(only(field.asGroupType(), depth + 1));
  }

  /** The row's or struct's group that holds the value; empty where the value is missing. */
  private Optional<Group> holder(Group row) {
    Group at = row;
    for (String name : path.subList(0, path.size() - 1)) {
      if (at.getFieldRepetitionCount(name) == 0) {
        return Optional.empty();
      }
      at = at.getGroup(name, 0);
    }
    return at.getFieldRepetitionCount(last()) == 0 ? Optional.empty() : Optional.of(at);
  }

  private String last() {
    return path.get(path.size() - 1);
  }

  Optional<byte[]> bytes(Group row) {
    return holder(row).map(group -> group.getBinary(last(), 0).getBytes());
  }

  Optional<String> text(Group row) {
    return holder(row)
        .map(group -> group.getValueToString(group.getType().getFieldIndex(last()), 0));
  }
}
