package io.dropblock.spark.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads and writes {@code manifest.json}. Reading is strict: the file may come from anywhere. */
public final class ManifestFile {
  /** Its name within a data set's folder. */
  public static final String NAME = "manifest.json";

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
    DatasetManifest manifest = readAlone(dataset, configuration);
    try {
      checkShards(HadoopPath.fileSystem(dataset, configuration), dataset, manifest);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read data set " + dataset + ": " + DataException.reason(e), e);
    }
    return manifest;
  }

  /**
   * The same without a look at the shards.
   *
   * @throws DataException where the manifest is missing, malformed or of another version
   */
  public static DatasetManifest readAlone(Path dataset, Configuration configuration) {
    Path file = HadoopPath.in(dataset, NAME);
    try {
      return StoredJson.read(
          HadoopPath.fileSystem(file, configuration), file, DatasetManifest.class);
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

  public static void write(FileSystem fileSystem, Path folder, DatasetManifest manifest)
      throws IOException {
    StoredJson.write(fileSystem, HadoopPath.in(folder, NAME), manifest);
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
              String.format(
                  Locale.ROOT,
                  "Cannot read data set %s: shard %s has %d bytes, but the manifest says %d",
                  dataset,
                  shard.file(),
                  length,
                  shard.bytes()));
        }
      }
    }
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }
}
