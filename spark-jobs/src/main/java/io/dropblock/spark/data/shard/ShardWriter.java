package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.PlainValue;
import io.dropblock.spark.files.WholeFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes one shard; mirrors {@link ShardReader}. Goes below {@code ParquetWriter}, which ends row
 * groups by bytes only: here a row group is a block, each column of it one page, and images get no
 * statistics. A block ends when it has its records, or before the record that would make it larger
 * than a block may be; so one record may be larger.
 */
public final class ShardWriter implements Closeable {
  private final Path name;
  private final int blockRecords;
  private final long blockBytes;
  private final ShardSchema schema;
  private final HashedOutput output;
  private final ParquetFileWriter writer;
  private final List<Integer> blocks = new ArrayList<>();

  /** The values of the block that is not written yet, a list for each column. */
  private final List<List<BytesInput>> values = new ArrayList<>();

  private long waitingBytes;

  /**
   * Creates the file, which must not exist; its folder must.
   *
   * @param name that the file will have, for people
   * @throws DataException where that fails, as all methods do
   */
  public ShardWriter(
      FileSystem fileSystem,
      Path path,
      Path name,
      int blockRecords,
      long blockBytes,
      AnnotationKind kind) {
    this.name = name;
    this.blockRecords = blockRecords;
    this.blockBytes = blockBytes;
    this.schema = ShardSchema.of(kind);
    schema.columns().forEach(column -> values.add(new ArrayList<>()));
    this.output = new HashedOutput(fileSystem, path);
    try {
      this.writer =
          new ParquetFileWriter(
              output,
              schema.message(),
              ParquetFileWriter.Mode.CREATE,
              PreparationSettings.MAX_BLOCK_BYTES,
              0,
              Integer.MAX_VALUE,
              Integer.MAX_VALUE,
              true);
      writer.start();
    } catch (IOException | FSError e) {
      DataException failure = failure(e);
      try {
        output.close();
      } catch (IOException | FSError more) {
        failure.addSuppressed(more);
      }
      throw failure;
    }
  }

  private DataException failure(Throwable e) {
    return new DataException(
        "Cannot write shard " + name + ": " + DataException.reason(WholeFile.plain(e)), e);
  }

  public void write(ImageRecord record) {
    try {
      List<BytesInput> row =
          List.of(
              PlainValue.of(record.bytes()),
              schema.kind().encode(record.annotation()),
              PlainValue.of(record.name().getBytes(StandardCharsets.UTF_8)));
      write(row);
    } catch (IOException | FSError e) {
      throw failure(e);
    }
  }

  private void write(List<BytesInput> row) throws IOException {
    long bytes = row.stream().mapToLong(BytesInput::size).sum();
    if (waiting() > 0 && waitingBytes + bytes > blockBytes) {
      endBlock();
    }
    for (int column = 0; column < row.size(); column++) {
      values.get(column).add(row.get(column));
    }
    waitingBytes += bytes;
    if (waiting() == blockRecords || waitingBytes >= blockBytes) {
      endBlock();
    }
  }

  @Override
  public void close() {
    try (output) {
      if (waiting() > 0) {
        endBlock();
      }
      output.beginFooter();
      writer.end(Map.of());
    } catch (IOException | FSError e) {
      throw failure(e);
    }
  }

  /** Number of records written. */
  public long records() {
    return blocks.stream().mapToLong(Integer::longValue).sum() + waiting();
  }

  /** Describes the closed file under its final name. */
  public Shard describe(String file) {
    return new Shard(file, output.bytes(), output.sha256(), blocks);
  }

  private int waiting() {
    return values.get(0).size();
  }

  private void endBlock() throws IOException {
    int rows = waiting();
    writer.startBlock(rows);
    List<String> columns = schema.columns();
    for (int column = 0; column < columns.size(); column++) {
      writeColumn(columns.get(column), values.get(column));
      values.get(column).clear();
    }
    writer.endBlock();
    blocks.add(rows);
    waitingBytes = 0;
  }

  // The method that is not deprecated also makes page indexes, and these need statistics of the
  // images.
  @SuppressWarnings("deprecation")
  private void writeColumn(String name, List<BytesInput> values) throws IOException {
    ColumnDescriptor column = schema.message().getColumnDescription(new String[] {name});
    BytesInput page = BytesInput.concat(values);
    writer.startColumn(column, values.size(), CompressionCodecName.UNCOMPRESSED);
    writer.writeDataPage(
        values.size(),
        Math.toIntExact(page.size()),
        page,
        Statistics.createStats(column.getPrimitiveType()),
        // A required column has no levels; these are what Parquet's own writer puts down then.
        Encoding.BIT_PACKED,
        Encoding.BIT_PACKED,
        Encoding.PLAIN);
    writer.endColumn();
  }
}
