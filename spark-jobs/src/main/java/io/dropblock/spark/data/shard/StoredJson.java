package io.dropblock.spark.data.shard;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dropblock.spark.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Records as JSON files. Reading is strict: the file may come from anywhere. */
public final class StoredJson {
  // A manifest of a million shards still fits; anything longer is none of our files.
  private static final long MAX_BYTES = 256L << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private StoredJson() {}

  /** Reads a file; one that holds nothing or too much is none of ours. */
  public static <T> T read(FileSystem fileSystem, Path file, Class<T> type) throws IOException {
    long length = fileSystem.getFileStatus(file).getLen();
    if (length > MAX_BYTES) {
      throw new IOException(length + " bytes are too many");
    }
    byte[] bytes = new byte[(int) length];
    try (FSDataInputStream in = fileSystem.open(file)) {
      in.readFully(bytes);
    }
    T value = JSON.readValue(bytes, type);
    if (value == null) {
      throw new IOException("it is empty");
    }
    return value;
  }

  /** Writes a new file in a folder that exists; it is whole or not there. */
  public static void write(FileSystem fileSystem, Path file, Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(JSON.writeValueAsBytes(value));
    bytes.write('\n');
    WholeFile.write(fileSystem, file, bytes.toByteArray());
  }
}
