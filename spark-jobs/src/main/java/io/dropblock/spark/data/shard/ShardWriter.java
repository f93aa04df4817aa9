package io.dropblock.spark.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/** Writes one shard; mirrors {@link ShardReader}. */
final class ShardWriter implements Closeable {
  /** Bytes of the images of one block; Parquet's pages end at 2 GiB. */
  static final long MAX_BLOCK_BYTES = 1L << 30;

  private final int blockRecords;
  private final HashedOutput output;
  private final ParquetWriter<ImageRecord> writer;
  private long records;
  private long blockBytes;

  /** Creates the file, which must not exist; its folder must. */
  ShardWriter(FileSystem fileSystem, Path path, int blockRecords) throws IOException {
    this.blockRecords = blockRecords;
    this.output = new HashedOutput(fileSystem, path);
    this.writer = new Builder(output, blockRecords).build();
  }

  void write(ImageRecord record) throws IOException {
    blockBytes = records % blockRecords == 0 ? 0 : blockBytes;
    blockBytes += record.bytes().length;
    if (blockBytes > MAX_BLOCK_BYTES) {
      throw new IOException(
          "a block of %d images is larger than %d bytes, make blocks smaller"
              .formatted(blockRecords, MAX_BLOCK_BYTES));
    }
    writer.write(record);
    records++;
  }

  long records() {
    return records;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Describes the closed file under its final name. */
  Shard describe(String file) {
    List<Integer> blocks = new ArrayList<>();
    for (long left = records; left > 0; left -= blockRecords) {
      blocks.add((int) Math.min(left, blockRecords));
    }
    return new Shard(file, output.bytes(), output.sha256(), blocks);
  }

  private static final class Builder extends ParquetWriter.Builder<ImageRecord, Builder> {
    Builder(OutputFile file, int blockRecords) {
      super(file);
      withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
      withDictionaryEncoding(false);
      withPageWriteChecksumEnabled(true);
      // Parquet 1.13 ends row groups by bytes only, but looks at the bytes each so many records. A
      // limit of one
      // byte that is looked at each blockRecords records makes row groups of exactly that many.
      withRowGroupSize(1L);
      withMinRowCountForPageSizeCheck(blockRecords);
      withMaxRowCountForPageSizeCheck(blockRecords);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<ImageRecord> getWriteSupport(Configuration configuration) {
      return new RecordWriteSupport();
    }
  }
}
