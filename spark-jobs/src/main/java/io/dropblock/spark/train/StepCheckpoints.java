package io.dropblock.spark.train;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.failure.WriteFailure;
import io.dropblock.spark.train.step.StepHook;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints within an epoch, written by whoever holds the network: rank 0 straight from its
 * executor, or the driver. One that cannot be written is a warning and not the end of the run, as
 * the one before is still there.
 *
 * @param folder the run folder, as all hosts see it
 * @param configuration Hadoop's settings of the driver
 * @param begin the checkpoint's manifest at the begin of the epoch
 * @param recipe the effective recipe as YAML
 * @param every steps between two, at least 1; a multiple of those between two averagings
 * @param keep how many checkpoints after a whole epoch stay
 */
record StepCheckpoints(
    String folder,
    SerializableConfiguration configuration,
    Checkpoint.Manifest begin,
    String recipe,
    int every,
    int keep)
    implements StepHook {
  private static final Logger LOG = LoggerFactory.getLogger(StepCheckpoints.class);

  @Override
  public Optional<RunEvent> after(long stepsDone, ComputationGraph network) {
    long within = stepsDone - begin.step();
    if (within % every != 0 || within == begin.stepsPerEpoch()) {
      return Optional.empty();
    }
    try {
      RunFolder run = RunFolder.open(new Path(folder), configuration.value());
      CheckpointStore store = run.checkpoints();
      Checkpoint.Manifest manifest = begin.at(stepsDone);
      store.write(new Checkpoint(manifest, recipe, NetworkState.of(network)));
      store.prune(keep, begin.best());
      return Optional.of(
          new RunEvent.Checkpoint(stepsDone - 1, CheckpointName.of(manifest).toString()));
    } catch (IOException | TrainingException e) {
      String reason = DataException.reason(e);
      LOG.warn(
          "No checkpoint after step {}: {}{}",
          stepsDone,
          reason,
          WriteFailure.isFull(reason) ? "" : "; is the run folder one that all hosts see?");
      return Optional.empty();
    }
  }
}
