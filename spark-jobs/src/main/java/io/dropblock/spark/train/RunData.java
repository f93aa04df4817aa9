package io.dropblock.spark.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * {@code data.json} of a run: the data that it was begun with, so that it goes on with no other.
 */
public final class RunData {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
  private static final int LIMIT = 1 << 26;

  private final RunFolder folder;
  private final Path path;

  public RunData(RunFolder folder) {
    this.folder = folder;
    this.path = HadoopPath.in(folder.path(), "data.json");
  }

  /**
   * Compares data with those of the run.
   *
   * @return false if the run does not know its data: it is new, or of an older version
   * @throws TrainingException if they differ, with what differs, or the file cannot be read
   */
  public boolean require(DataIdentity now) {
    Optional<DataIdentity> begun = read();
    begun.ifPresent(known -> requireSame(folder, known, now));
    return begun.isPresent();
  }

  static void requireSame(RunFolder folder, DataIdentity begun, DataIdentity now) {
    begun
        .difference(now)
        .ifPresent(
            difference -> {
              throw new TrainingException(
                  "Cannot go on with run "
                      + folder.path()
                      + ": --data is not what it was begun with: "
                      + difference
                      + "; give the same data, or another --run");
            });
  }

  private Optional<DataIdentity> read() {
    byte[] text;
    try (FSDataInputStream in = folder.files().open(path)) {
      text = in.readNBytes(LIMIT);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new TrainingException("Cannot read " + path + ": " + e.getMessage(), e);
    }
    try {
      return Optional.of(parse(text));
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read "
              + path
              + ": it is damaged; delete it if you are sure that --data is what the run was begun"
              + " with",
          e);
    }
  }

  private static DataIdentity parse(byte[] text) throws IOException {
    DataIdentity read = JSON.readValue(text, DataIdentity.class);
    if (read == null) {
      throw new IOException("it says null");
    }
    return read;
  }

  void write(DataIdentity data) throws IOException {
    WholeFile.replace(folder.files(), path, JSON.writeValueAsBytes(data));
  }
}
