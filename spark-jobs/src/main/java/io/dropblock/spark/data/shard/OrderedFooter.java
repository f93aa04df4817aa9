package io.dropblock.spark.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The footer of a Parquet file in an order that does not depend on the process. Parquet lists the
 * encodings of a column as its hash set has them, and their hashes are other ones in each JVM.
 */
final class OrderedFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private OrderedFooter() {}

  /**
   * The same footer, ordered.
   *
   * @param footer all that Parquet wrote behind the last row group: metadata, length, magic
   */
  static byte[] of(byte[] footer) throws IOException {
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
    for (RowGroup block : metadata.getRow_groups()) {
      for (ColumnChunk column : block.getColumns()) {
        column.getMeta_data().getEncodings().sort(Comparator.comparingInt(Encoding::getValue));
      }
    }
    ByteArrayOutputStream ordered = new ByteArrayOutputStream(footer.length);
    Util.writeFileMetaData(metadata, ordered);
    int length = ordered.size();
    ordered.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    ordered.write(MAGIC);
    return ordered.toByteArray();
  }
}
