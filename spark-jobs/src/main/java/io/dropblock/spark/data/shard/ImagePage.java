package io.dropblock.spark.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.SeekableInputStream;

/**
 * Reads the images of a block, the one page that {@link ShardWriter} makes of them. Each goes from
 * the file to an array of its own and is not copied again, and the page's checksum is computed on
 * the way; Parquet's reader copies a page three times, and nearly all bytes of a shard are here.
 */
final class ImagePage {
  private static final int LENGTH_BYTES = 4;

  private final SeekableInputStream in;
  private final CRC32 crc = new CRC32();
  private long left;

  private ImagePage(SeekableInputStream in, long bytes) {
    this.in = in;
    this.left = bytes;
  }

  /**
   * Reads all images.
   *
   * @param column the images' in the block; its place, size and number of values were checked
   * @throws IOException where its bytes are not as they were written
   */
  static List<byte[]> read(SeekableInputStream in, ColumnChunkMetaData column) throws IOException {
    in.seek(column.getStartingPos());
    PageHeader header = Util.readPageHeader(in);
    long bytes = column.getStartingPos() + column.getTotalSize() - in.getPos();
    int rows = Math.toIntExact(column.getValueCount());
    if (header.getType() != PageType.DATA_PAGE
        || !header.isSetData_page_header()
        || header.getData_page_header().getEncoding() != Encoding.PLAIN
        || header.getData_page_header().getNum_values() != rows
        || header.getCompressed_page_size() != bytes
        || header.getUncompressed_page_size() != bytes
        || !header.isSetCrc()) {
      throw new IOException("the header of the images is damaged");
    }
    ImagePage page = new ImagePage(in, bytes);
    List<byte[]> images = page.images(rows);
    if (page.left != 0 || (int) page.crc.getValue() != header.getCrc()) {
      throw wrong();
    }
    return images;
  }

  /** Plain encoding: for each its length as a little-endian int, then its bytes. */
  private List<byte[]> images(int rows) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> images = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      fill(length.array());
      images.add(image(length.getInt(0)));
    }
    return images;
  }

  private byte[] image(int length) throws IOException {
    if (length < 0 || length > left) {
      throw wrong();
    }
    byte[] image = new byte[length];
    fill(image);
    return image;
  }

  private void fill(byte[] bytes) throws IOException {
    left -= bytes.length;
    if (left < 0) {
      throw wrong();
    }
    in.readFully(bytes);
    crc.update(bytes);
  }

  private static IOException wrong() {
    return new IOException("the images do not have their CRC-32");
  }
}
