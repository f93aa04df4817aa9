package io.dropblock.spark.ml;

import io.dropblock.spark.cli.assembly.TrainedInference;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/** Loads a {@link DropBlockModel} from a run folder, or from where one was saved. */
public final class DropBlockModelReader extends MLReader<DropBlockModel> {
  private static final Logger LOG = LoggerFactory.getLogger(DropBlockModelReader.class);

  /** Folder of the parameters of Spark ML, as its models have it. */
  private static final String METADATA = "metadata";

  /** Folder of the one checkpoint. */
  static final String NETWORK = "network";

  private String checkpoint;
  private boolean raw;

  DropBlockModelReader() {}

  /**
   * Chooses a checkpoint of a run.
   *
   * @param name {@code best}, which is the default, {@code latest}, or a name such as {@code
   *     epoch-0003}
   */
  public DropBlockModelReader checkpoint(String name) {
    checkpoint = name;
    return this;
  }

  /** Takes a run's weights themselves where it has a moving average of them, too. */
  public DropBlockModelReader rawWeights() {
    raw = true;
    return this;
  }

  /**
   * Reads it.
   *
   * @param path on any file system that Hadoop reads
   * @throws io.dropblock.spark.text.ForeseenException if there is none, or it cannot be used
   */
  @Override
  public DropBlockModel load(String path) {
    Configuration configuration = sc().hadoopConfiguration();
    Path folder = HadoopPath.of(path, configuration);
    FileSystem files = HadoopPath.fileSystem(folder, configuration);
    try {
      if (!files.exists(HadoopPath.in(folder, METADATA))) {
        return new DropBlockModel(
            TrainedInference.ofRun(
                folder, checkpoint == null ? "best" : checkpoint, raw, configuration, LOG::warn));
      }
    } catch (IOException e) {
      throw new DataException("Cannot load " + folder + ": " + DataException.reason(e), e);
    }
    if (checkpoint != null || raw) {
      throw new IllegalArgumentException(
          "Cannot choose checkpoint or weights of "
              + folder
              + ": it is a saved model, which has one; load its run");
    }
    return saved(folder, files);
  }

  private DropBlockModel saved(Path folder, FileSystem files) {
    var metadata =
        DefaultParamsReader.loadMetadata(folder.toString(), sc(), DropBlockModel.class.getName());
    CheckpointStore store = new CheckpointStore(files, HadoopPath.in(folder, NETWORK));
    DropBlockModel model =
        new DropBlockModel(
            metadata.uid(),
            TrainedInference.of(store.named("latest", LOG::warn), "model " + folder));
    metadata.getAndSetParams(model, Option.empty());
    return model;
  }
}
