package io.dropblock.spark.data.shard;

import io.dropblock.spark.text.Count;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.SeekableInputStream;

/**
 * The images of a block, the one page that {@link ShardWriter} makes of them. They go from the file
 * to one array and are not copied again, and the page's checksum is computed on the way; Parquet's
 * reader copies a page three times, and nearly all bytes of a shard are here.
 *
 * @param bytes plain encoding: of each image its length as a little-endian int, then its bytes; the
 *     array may be longer
 * @param offsets of each image's first byte
 * @param lengths of the images
 */
record ImagePage(byte[] bytes, int[] offsets, int[] lengths) {
  private static final int LENGTH_BYTES = 4;
  // What is read at a time is still in the cache when its checksum is computed.
  private static final int PIECE = 1 << 18;

  /**
   * Reads all images.
   *
   * @param column the images' in the block; its place, size and number of values were checked
   * @param storage gives an array of so many bytes or more
   * @param trusting that the bytes need not have their checksum
   * @throws IOException where its bytes are not as they were written
   */
  static ImagePage read(
      SeekableInputStream in,
      ColumnChunkMetaData column,
      IntFunction<byte[]> storage,
      boolean trusting)
      throws IOException {
    in.seek(column.getStartingPos());
    PageHeader header = Util.readPageHeader(in);
    long length = column.getStartingPos() + column.getTotalSize() - in.getPos();
    int rows = Math.toIntExact(column.getValueCount());
    if (header.getType() != PageType.DATA_PAGE
        || !header.isSetData_page_header()
        || header.getData_page_header().getEncoding() != Encoding.PLAIN
        || header.getData_page_header().getNum_values() != rows
        || header.getCompressed_page_size() != length
        || header.getUncompressed_page_size() != length
        || !header.isSetCrc()) {
      throw new IOException("the header of the images is damaged");
    }
    byte[] bytes = storage.apply((int) length);
    if (fill(in, bytes, (int) length) != header.getCrc() && !trusting) {
      throw new IOException("the images do not have their CRC-32");
    }
    return of(bytes, (int) length, rows);
  }

  /** Reads, and computes the checksum. */
  private static int fill(SeekableInputStream in, byte[] bytes, int length) throws IOException {
    CRC32 crc = new CRC32();
    for (int from = 0; from < length; from += PIECE) {
      int piece = Math.min(PIECE, length - from);
      in.readFully(bytes, from, piece);
      crc.update(bytes, from, piece);
    }
    return (int) crc.getValue();
  }

  private static ImagePage of(byte[] bytes, int end, int rows) throws IOException {
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] offsets = new int[rows];
    int[] lengths = new int[rows];
    int next = 0;
    for (int row = 0; row < rows; row++) {
      int length = end - next < LENGTH_BYTES ? -1 : page.getInt(next);
      next += LENGTH_BYTES;
      if (length < 0 || length > end - next) {
        throw new IOException("image " + row + " of the block is not as long as it says");
      }
      offsets[row] = next;
      lengths[row] = length;
      next += length;
    }
    if (next != end) {
      throw new IOException(Count.of(end - next, "byte") + " left behind the images");
    }
    return new ImagePage(bytes, offsets, lengths);
  }
}
