package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Reads blocks of one shard into memory and verifies page checksums ({@link ImagePage}, {@link
 * CheckedPages}). The file is checked against its manifest entry when it is opened. Not
 * thread-safe.
 */
public final class ShardReader implements Closeable {
  private static final int MAGIC_BYTES = 4;

  private final Path path;
  private final Shard shard;
  private final ShardSchema schema;
  private final ParquetFileReader reader;
  private final OneStream file;
  private final MessageType besideImages;

  private ShardReader(
      Path path, Shard shard, ShardSchema schema, ParquetFileReader reader, OneStream file) {
    this.path = path;
    this.shard = shard;
    this.schema = schema;
    this.reader = reader;
    this.file = file;
    List<Type> columns = schema.message().getFields();
    this.besideImages =
        new MessageType(schema.message().getName(), columns.subList(1, columns.size()));
    reader.setRequestedSchema(besideImages);
  }

  /**
   * Opens a shard and reads its footer.
   *
   * @param dataset the data set's folder
   * @param kind of the data set's annotations, which decides on the columns
   * @throws DataException where the file is missing, damaged, or not what the manifest says
   */
  public static ShardReader open(
      Path dataset, Shard shard, AnnotationKind kind, Configuration configuration) {
    ShardSchema schema = ShardSchema.of(kind);
    Path path = HadoopPath.in(dataset, shard.file());
    ParquetFileReader reader = null;
    try {
      OneStream file = new OneStream(HadoopPath.fileSystem(path, configuration), path);
      if (file.getLength() != shard.bytes()) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "it has %d bytes, but the manifest says %d",
                file.getLength(),
                shard.bytes()));
      }
      reader =
          ParquetFileReader.open(
              file,
              HadoopReadOptions.builder(configuration).usePageChecksumVerification(false).build());
      checkFooter(reader, shard, schema);
      return new ShardReader(path, shard, schema, reader, file);
    } catch (IOException | RuntimeException | FSError e) {
      closeQuietly(reader, e);
      throw new DataException("Cannot read shard " + path + ": " + reason(e), e);
    }
  }

  /**
   * Reads a block.
   *
   * @param block 0 to {@code shard.blocks().size() - 1}
   * @return its records in stored order
   * @throws DataException where the bytes are damaged or cannot be read
   */
  public List<ImageRecord> block(int block) {
    return block(block, byte[]::new);
  }

  /**
   * The same into memory of the caller's.
   *
   * @param storage gives an array of so many bytes or more, which holds the bytes of all images
   *     then
   */
  public List<ImageRecord> block(int block, IntFunction<byte[]> storage) {
    return block(block, storage, false);
  }

  /**
   * The same without a look at checksums, to find out which records of a damaged block are damaged.
   */
  public List<ImageRecord> damagedBlock(int block) {
    return block(block, byte[]::new, true);
  }

  private List<ImageRecord> block(int block, IntFunction<byte[]> storage, boolean trusting) {
    int rows = shard.blocks().get(block);
    try {
      ImagePage images =
          ImagePage.read(
              file.stream(),
              reader.getRowGroups().get(block).getColumns().get(0),
              storage,
              trusting);
      PageReadStore stored = reader.readRowGroup(block);
      PageReadStore pages = trusting ? stored : new CheckedPages(stored);
      ColumnReadStoreImpl columns =
          new ColumnReadStoreImpl(
              pages,
              new DummyRecordConverter(besideImages).getRootConverter(),
              besideImages,
              reader.getFileMetaData().getCreatedBy());
      ColumnReader annotation = column(columns, schema.columns().get(1));
      ColumnReader name = column(columns, ShardSchema.NAME);
      List<ImageRecord> records = new ArrayList<>(rows);
      for (int row = 0; row < rows; row++) {
        records.add(record(block, row, images, annotation, name));
        annotation.consume();
        name.consume();
      }
      return records;
    } catch (IOException | RuntimeException | FSError e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read shard %s: block %d (records %d to %d): %s",
              path,
              block,
              firstRecord(block),
              firstRecord(block) + rows - 1,
              reason(e)),
          e);
    }
  }

  private static String reason(Throwable e) {
    return DataException.reason(e instanceof FSError ? WholeFile.plain(e) : e);
  }

  /** Index within the shard of a block's first record. */
  private long firstRecord(int block) {
    return shard.blocks().stream().limit(block).mapToLong(Integer::longValue).sum();
  }

  private ImageRecord record(
      int block, int row, ImagePage images, ColumnReader annotation, ColumnReader name)
      throws IOException {
    String text = name.getBinary().toStringUsingUTF8();
    try {
      return new ImageRecord(
          images.bytes(),
          images.offsets()[row],
          images.lengths()[row],
          schema.kind().decode(annotation),
          text);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          String.format(
              Locale.ROOT, "record %d (%s): %s", firstRecord(block) + row, text, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new DataException("Cannot close shard " + path + ": " + DataException.reason(e), e);
    }
  }

  private ColumnReader column(ColumnReadStoreImpl columns, String name) {
    return columns.getColumnReader(schema.message().getColumnDescription(new String[] {name}));
  }

  /** Everything that reading a block allocates by. */
  private static void checkFooter(ParquetFileReader reader, Shard shard, ShardSchema schema)
      throws IOException {
    if (!reader.getFileMetaData().getSchema().equals(schema.message())) {
      throw new IOException("its columns are not " + String.join(", ", schema.columns()));
    }
    List<BlockMetaData> blocks = reader.getRowGroups();
    List<Long> rows = blocks.stream().map(BlockMetaData::getRowCount).toList();
    if (!rows.equals(shard.blocks().stream().map(Integer::longValue).toList())) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its blocks have %s records, but the manifest says %s",
              rows,
              shard.blocks()));
    }
    // Chunks follow each other without a gap, so that none can be taken for another.
    long next = MAGIC_BYTES;
    for (BlockMetaData block : blocks) {
      List<String> names = new ArrayList<>();
      for (ColumnChunkMetaData column : block.getColumns()) {
        long start = column.getStartingPos();
        long size = column.getTotalSize();
        if (start != next || size <= 0 || size > shard.bytes() - next) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "a column of %d bytes at %d is not where the one before it ends, at %d",
                  size,
                  start,
                  next));
        }
        if (column.getValueCount() != block.getRowCount()) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "a column has %d values for %d records",
                  column.getValueCount(),
                  block.getRowCount()));
        }
        names.add(column.getPath().toDotString());
        next += size;
      }
      if (!names.equals(schema.columns())) {
        throw new IOException("the columns of a block are " + names);
      }
    }
  }

  private static void closeQuietly(ParquetFileReader reader, Throwable cause) {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
