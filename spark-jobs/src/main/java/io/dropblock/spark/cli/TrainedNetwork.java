package io.dropblock.spark.cli;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A checkpoint that a user named by its folder, or by that of its run.
 *
 * @param run the run folder
 * @param name of the checkpoint: {@code best}, {@code latest}, or its folder's
 * @param checkpoint what it holds
 * @param weights which of its weights are used
 */
record TrainedNetwork(Path run, String name, Checkpoint checkpoint, Weights weights) {
  private static final Pattern CHECKPOINT = Pattern.compile("best|latest|epoch-\\d.*");

  /**
   * Reads it.
   *
   * @param path {@code RUN}, for its best checkpoint, or the latest where none has been measured,
   *     or {@code RUN/checkpoints/NAME}
   * @param weights which of its weights are used
   * @param told of each damaged checkpoint that is passed over, a line
   * @throws io.dropblock.spark.train.TrainingException if there is none, or it cannot be used
   */
  static TrainedNetwork read(
      Path path, Weights weights, Configuration configuration, Consumer<String> told) {
    boolean named =
        CHECKPOINT.matcher(path.getName()).matches()
            && path.getParent() != null
            && path.getParent().getName().equals("checkpoints");
    Path run = named ? path.getParent().getParent() : path;
    String name = named ? path.getName() : "best";
    Checkpoint checkpoint = RunFolder.open(run, configuration).checkpoints().named(name, told);
    return new TrainedNetwork(run, name, checkpoint, weights);
  }

  /**
   * The network, with the weights that are used.
   *
   * @throws io.dropblock.spark.train.failure.TrainingException if it does not have them
   */
  NetworkState network() {
    return weights.take(checkpoint, "run " + run);
  }

  /** Of which run, after how many epochs, and which weights where there are two kinds. */
  @Override
  public String toString() {
    Checkpoint.Manifest manifest = checkpoint.manifest();
    String within = manifest.stepsWithinEpoch() == 0 ? "" : ", step " + manifest.stepsWithinEpoch();
    return "run " + run + " (epoch " + manifest.epochs() + within + weights.told(checkpoint) + ")";
  }
}
