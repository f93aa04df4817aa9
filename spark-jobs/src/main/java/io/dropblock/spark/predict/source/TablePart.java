package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.prepare.ByteRanges;
import java.io.IOException;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * A row group of a Parquet file.
 *
 * @param file its full address
 * @param start of the row group in the file
 * @param length of the row group in the file
 * @param first number of its first row in the file, from 0
 * @param images number of its rows
 * @param image the column of encoded images
 * @param name the column that says what an image is called; null for file and row
 * @param schema of these columns
 */
record TablePart(
    String file,
    long start,
    long length,
    long first,
    long images,
    TableColumn image,
    TableColumn name,
    String schema)
    implements ImagePart {

  @Override
  public Stream<String> identity() {
    return Stream.of(toString());
  }

  @Override
  public ImageStream open(Configuration configuration) throws IOException {
    Configuration projected = new Configuration(configuration);
    projected.set(ReadSupport.PARQUET_READ_SCHEMA, schema);
    Path path = new Path(file);
    ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path)
            .withConf(projected)
            .withFileRange(start, start + length)
            .build();
    return new ImageStream() {
      private long row = first;

      @Override
      public boolean hasNext() {
        return row < first + images;
      }

      @Override
      public EncodedImage next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        try {
          Group group = reader.read();
          if (group == null) {
            throw new IOException("the file has fewer rows than when it was listed");
          }
          return image(group, path.getName() + "#" + row++);
        } catch (IOException | RuntimeException e) {
          throw new DataException(
              String.format(
                  Locale.ROOT, "Cannot read row %d of %s: %s", row, file, DataException.reason(e)),
              e);
        }
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  private EncodedImage image(Group row, String place) {
    String called = name == null ? place : name.text(row).orElse(place);
    Optional<byte[]> bytes = image.bytes(row);
    if (bytes.isEmpty()) {
      return EncodedImage.broken(called, "its row has no bytes");
    }
    if (bytes.get().length > ByteRanges.MAX_IMAGE_BYTES) {
      return EncodedImage.broken(
          called,
          String.format(Locale.ROOT, "%,d bytes are too long for an image", bytes.get().length));
    }
    return EncodedImage.of(called, bytes.get());
  }
}
