package io.dropblock.spark.predict;

import io.dropblock.spark.predict.output.WrittenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A Parquet file with a row for each image: its name, why it is broken, what the network says. */
final class PredictionRows implements PartWriter {
  private final PartPlace place;
  private final String file;
  private final SimpleGroupFactory rows;
  private final ParquetWriter<Group> writer;

  PredictionRows(PartPlace place, Inference inference) throws IOException {
    this.place = place;
    this.file = place.part() + ".parquet";
    MessageType schema = schema(inference);
    rows = new SimpleGroupFactory(schema);
    writer =
        ExampleParquetWriter.builder(
                HadoopOutputFile.fromPath(place.temporary(file), place.configuration()))
            .withType(schema)
            .withConf(place.configuration())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build();
  }

  private static MessageType schema(Inference inference) {
    List<Type> columns = new ArrayList<>();
    columns.add(
        Types.required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("name"));
    columns.add(
        Types.optional(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("broken"));
    columns.addAll(inference.columns());
    return new MessageType("prediction", columns);
  }

  @Override
  public void write(String name, String key, Prediction prediction) throws IOException {
    Group row = rows.newGroup();
    row.append("name", name);
    prediction.fill(row);
    writer.write(row);
  }

  @Override
  public void writeBroken(String name, String reason) throws IOException {
    writer.write(rows.newGroup().append("name", name).append("broken", reason));
  }

  @Override
  public List<WrittenFile> finish() throws IOException {
    writer.close();
    return List.of(place.rename(file));
  }

  /** Its writer may be closed twice. */
  @Override
  public void close() throws IOException {
    try {
      writer.close();
    } finally {
      place.delete(file);
    }
  }
}
