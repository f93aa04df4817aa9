package io.dropblock.spark.ml;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Saves a {@link DropBlockModel}: {@code metadata} with its parameters, as all of Spark ML's models
 * have it, and {@code network} with one checkpoint, as runs have them, of what inference needs. The
 * metadata come first: a folder without them would be taken for a run.
 */
final class DropBlockModelWriter extends MLWriter {
  private final DropBlockModel model;
  private final Checkpoint checkpoint;

  DropBlockModelWriter(DropBlockModel model, Checkpoint checkpoint) {
    this.model = model;
    this.checkpoint = checkpoint;
  }

  @Override
  public void saveImpl(String path) {
    Configuration configuration = sc().hadoopConfiguration();
    Path folder = HadoopPath.of(path, configuration);
    DefaultParamsWriter.saveMetadata(
        model, folder.toString(), sc(), Option.empty(), Option.empty());
    try {
      new CheckpointStore(
              HadoopPath.fileSystem(folder, configuration),
              HadoopPath.in(folder, DropBlockModelReader.NETWORK))
          .write(checkpoint);
    } catch (IOException | FSError e) {
      throw new DataException(
          "Cannot save a model to " + folder + ": " + DataException.reason(WholeFile.plain(e)), e);
    }
  }
}
