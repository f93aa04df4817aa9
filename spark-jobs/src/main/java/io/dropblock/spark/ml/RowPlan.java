package io.dropblock.spark.ml;

import io.dropblock.spark.predict.Inference;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What is made of rows. Plain data, which the driver sends to the tasks.
 *
 * @param images the column of images
 * @param inference how images go into the network, and what its outputs mean
 * @param wanted which of its outputs
 * @param columns what is added to a row, in their order
 * @param invalid what becomes of a row whose image is broken
 */
record RowPlan(
    ImageColumn images,
    Inference inference,
    WantedOutputs wanted,
    List<OutputColumn> columns,
    InvalidImages invalid)
    implements Serializable {

  /** Of the rows that come out, of rows that come in. */
  StructType schema(StructType rows) {
    return DataTypes.createStructType(
        Stream.concat(Stream.of(rows.fields()), columns.stream().map(OutputColumn::field))
            .toArray(StructField[]::new));
  }

  /** The row that comes out. */
  Row row(Row row, ImageResult result) {
    Object[] values = new Object[row.size() + columns.size()];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    for (int i = 0; i < columns.size(); i++) {
      values[row.size() + i] = columns.get(i).value(result);
    }
    return RowFactory.create(values);
  }
}
