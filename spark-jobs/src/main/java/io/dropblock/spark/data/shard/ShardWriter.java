package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Task;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * statistics.
 */
final class ShardWriter implements Closeable {
  /** Bytes of the images of one block; Parquet's pages end at 2 GiB. */
  static final long MAX_BLOCK_BYTES = 1L << 30;

  private final int blockRecords;
  private final ShardSchema schema;
  private final HashedOutput output;
  private final ParquetFileWriter writer;
  private final List<ImageRecord> block = new ArrayList<>();
  private final List<Integer> blocks = new ArrayList<>();
  private long blockBytes;

  /** Creates the file, which must not exist; its folder must. */
  ShardWriter(FileSystem fileSystem, Path path, int blockRecords, Task task) throws IOException {
    this.blockRecords = blockRecords;
    this.schema = ShardSchema.of(task);
    this.output = new HashedOutput(fileSystem, path);
    this.writer =
        new ParquetFileWriter(
            output,
            schema.message(),
            ParquetFileWriter.Mode.CREATE,
            MAX_BLOCK_BYTES,
            0,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            true);
    writer.start();
  }

  void write(ImageRecord record) throws IOException {
    blockBytes += record.bytes().length;
    if (blockBytes > MAX_BLOCK_BYTES) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a block of %d images has more than %d bytes",
              blockRecords,
              MAX_BLOCK_BYTES));
    }
    block.add(record);
    if (block.size() == blockRecords) {
      endBlock();
    }
  }

  @Override
  public void close() throws IOException {
    if (!block.isEmpty()) {
      endBlock();
    }
    writer.end(Map.of());
  }

  /** Number of records written. */
  long records() {
    return blocks.stream().mapToLong(Integer::longValue).sum() + block.size();
  }

  /** Describes the closed file under its final name. */
  Shard describe(String file) {
    return new Shard(file, output.bytes(), output.sha256(), blocks);
  }

  private void endBlock() throws IOException {
    writer.startBlock(block.size());
    List<BytesInput> images = new ArrayList<>();
    List<BytesInput> annotations = new ArrayList<>();
    List<BytesInput> names = new ArrayList<>();
    for (ImageRecord record : block) {
      images.add(AnnotationColumn.binary(record.bytes()));
      annotations.add(schema.annotation().encode(record.annotation()));
      names.add(AnnotationColumn.binary(record.name().getBytes(StandardCharsets.UTF_8)));
    }
    List<String> columns = schema.columns();
    writeColumn(columns.get(0), images);
    writeColumn(columns.get(1), annotations);
    writeColumn(columns.get(2), names);
    writer.endBlock();
    blocks.add(block.size());
    block.clear();
    blockBytes = 0;
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
