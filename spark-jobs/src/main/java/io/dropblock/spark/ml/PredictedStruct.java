package io.dropblock.spark.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What {@code predict} writes of an image into several columns, as one struct of them.
 *
 * @param name of the column
 * @param schema of {@code predict}'s columns, as Parquet writes it
 */
record PredictedStruct(String name, String schema) implements OutputColumn {
  static PredictedStruct of(String name, MessageType columns) {
    return new PredictedStruct(name, columns.toString());
  }

  @Override
  public StructField field() {
    return DataTypes.createStructField(
        name, struct(MessageTypeParser.parseMessageType(schema)), true);
  }

  @Override
  public Row value(ImageResult result) {
    return result.prediction() == null ? null : row(result.prediction());
  }

  private static StructType struct(GroupType columns) {
    List<StructField> fields = new ArrayList<>();
    for (Type column : columns.getFields()) {
      fields.add(
          DataTypes.createStructField(
              column.getName(), type(column), column.isRepetition(Repetition.OPTIONAL)));
    }
    return DataTypes.createStructType(fields);
  }

  private static DataType type(Type column) {
    if (isList(column)) {
      return DataTypes.createArrayType(type(element(column.asGroupType())), false);
    }
    if (!column.isPrimitive()) {
      return struct(column.asGroupType());
    }
    return switch (column.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> DataTypes.IntegerType;
      case FLOAT -> DataTypes.FloatType;
      case BINARY -> isText(column) ? DataTypes.StringType : DataTypes.BinaryType;
      default -> throw new IllegalStateException("Cannot tell Spark of column " + column);
    };
  }

  private static Row row(Group group) {
    Object[] values = new Object[group.getType().getFieldCount()];
    for (int i = 0; i < values.length; i++) {
      if (group.getFieldRepetitionCount(i) > 0) {
        values[i] = value(group, i);
      }
    }
    return RowFactory.create(values);
  }

  private static Object value(Group group, int field) {
    Type column = group.getType().getType(field);
    if (isList(column)) {
      Group list = group.getGroup(field, 0);
      List<Row> elements = new ArrayList<>();
      for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
        elements.add(row(list.getGroup(0, i).getGroup(0, 0)));
      }
      return elements.toArray(Row[]::new);
    }
    if (!column.isPrimitive()) {
      return row(group.getGroup(field, 0));
    }
    return switch (column.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> group.getInteger(field, 0);
      case FLOAT -> group.getFloat(field, 0);
      case BINARY ->
          isText(column) ? group.getString(field, 0) : group.getBinary(field, 0).getBytes();
      default -> throw new IllegalStateException("Cannot tell Spark of column " + column);
    };
  }

  private static boolean isText(Type column) {
    return column.getLogicalTypeAnnotation()
        instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation;
  }

  private static boolean isList(Type column) {
    return column.getLogicalTypeAnnotation()
        instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation;
  }

  /** Of Parquet's list, a group of repeated groups of one field each. */
  private static Type element(GroupType list) {
    return list.getType(0).asGroupType().getType(0);
  }
}
