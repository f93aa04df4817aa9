package io.dropblock.spark.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads and writes {@code manifest.json}. Reading is strict: the file may come from anywhere. */
public final class ManifestFile {
  /** Its name within a data set's folder. */
  public static final String NAME = "manifest.json";

  // A million shards still fit; anything longer is no manifest.
  private static final long MAX_BYTES = 256L << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private ManifestFile() {}

  /**
   * Reads and checks a data set's manifest, and that each shard is there with its length; does not
   * read shards.
   *
   * @param dataset the data set's folder
   * @throws DataException where the manifest is missing, malformed, of another version, or names a
   *     shard that is missing or of another length
   */
  public static DatasetManifest read(Path dataset, Configuration configuration) {
    Path file = new Path(dataset, NAME);
    try {
      FileSystem fileSystem = file.getFileSystem(configuration);
      DatasetManifest manifest = parse(fileSystem, file);
      checkShards(fileSystem, dataset, manifest);
      return manifest;
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot read data set " + dataset + ": it has no " + NAME + ", prepare it first", e);
    } catch (ValueInstantiationException e) {
      throw new DataException("Cannot read " + file + ": " + DataException.reason(root(e)), e);
    } catch (JsonProcessingException e) {
      throw new DataException("Cannot read " + file + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException("Cannot read " + file + ": " + DataException.reason(e), e);
    }
  }

  static void write(FileSystem fileSystem, Path folder, DatasetManifest manifest)
      throws IOException {
    try (FSDataOutputStream out = fileSystem.create(new Path(folder, NAME), false)) {
      out.write(JSON.writeValueAsBytes(manifest));
      out.write('\n');
      out.hsync();
    }
  }

  private static DatasetManifest parse(FileSystem fileSystem, Path file) throws IOException {
    long length = fileSystem.getFileStatus(file).getLen();
    if (length > MAX_BYTES) {
      throw new IOException(length + " bytes are too many for a manifest");
    }
    byte[] bytes = new byte[(int) length];
    try (FSDataInputStream in = fileSystem.open(file)) {
      in.readFully(bytes);
    }
    DatasetManifest manifest = JSON.readValue(bytes, DatasetManifest.class);
    if (manifest == null) {
      throw new IOException("it is empty");
    }
    return manifest;
  }

  private static void checkShards(FileSystem fileSystem, Path dataset, DatasetManifest manifest)
      throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    for (FileStatus status : fileSystem.listStatus(dataset)) {
      lengths.put(status.getPath().getName(), status.getLen());
    }
    for (Split split : Split.values()) {
      for (Shard shard : manifest.shards(split)) {
        Long length = lengths.get(shard.file());
        if (length == null) {
          throw new DataException(
              "Cannot read data set " + dataset + ": shard " + shard.file() + " is missing");
        }
        if (length != shard.bytes()) {
          throw new DataException(
              "Cannot read data set %s: shard %s has %d bytes, but the manifest says %d"
                  .formatted(dataset, shard.file(), length, shard.bytes()));
        }
      }
    }
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }
}
