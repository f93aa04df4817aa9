package io.dropblock.spark.train;

import io.dropblock.nn.StateBytes;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.checkpoint.WriteTurn;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.failure.WriteFailure;
import io.dropblock.spark.train.step.StepHook;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints within an epoch, written by whoever holds the network: rank 0 straight from its
 * executor, or the driver. At the step the network is copied, and written while the next steps go
 * on. One that cannot be written is a warning and not the end of the run, as the one before is
 * still there.
 *
 * @param folder the run folder, as all hosts see it
 * @param configuration Hadoop's settings of the driver
 * @param begin the checkpoint's manifest at the begin of the epoch
 * @param recipe the effective recipe as YAML
 * @param every steps between two, at least 1; a multiple of those between two averagings
 * @param patience how long a step waits for the checkpoint before; shorter than other ranks wait
 *     for this one
 * @param behind whether the checkpoint at the begin of the epoch was not there yet then: the driver
 *     writes it, and those within are written behind it and go by what it says
 */
record StepCheckpoints(
    String folder,
    SerializableConfiguration configuration,
    Checkpoint.Manifest begin,
    String recipe,
    int every,
    Duration patience,
    boolean behind)
    implements StepHook {
  private static final Logger LOG = LoggerFactory.getLogger(StepCheckpoints.class);

  @Override
  public Optional<RunEvent> after(long stepsDone, ComputationGraph network) {
    long within = stepsDone - begin.step();
    if (within % every != 0 || within == begin.stepsPerEpoch()) {
      return WrittenWithin.take(folder);
    }
    Optional<WriteTurn> turn = WriteTurn.await(patience);
    Optional<RunEvent> before = WrittenWithin.take(folder);
    if (turn.isPresent()) {
      begin(turn.get(), stepsDone, network);
    } else {
      LOG.warn(
          "No checkpoint after step {}: the one before is still being written; is the run folder"
              + " slow, or train.checkpoint_every small?",
          stepsDone);
    }
    return before;
  }

  private void begin(WriteTurn turn, long stepsDone, ComputationGraph network) {
    try (turn) {
      StateBytes state = turn.copy(network);
      WrittenWithin.begin(folder, turn.begin(() -> write(stepsDone, state)));
    }
  }

  private Optional<RunEvent> write(long stepsDone, StateBytes state) {
    try {
      CheckpointStore store = RunFolder.open(new Path(folder), configuration.value()).checkpoints();
      Optional<Checkpoint.Manifest> begun =
          behind ? store.whole(CheckpointName.of(begin)) : Optional.of(begin);
      if (begun.isEmpty()) {
        LOG.warn(
            "No checkpoint after step {}: {} is not yet written",
            stepsDone,
            CheckpointName.of(begin));
        return Optional.empty();
      }
      Checkpoint.Manifest manifest = begun.get().at(stepsDone);
      CheckpointName name = CheckpointName.of(manifest);
      store.write(manifest, recipe, state, () -> {});
      store.pruneWithin(name);
      return Optional.of(new RunEvent.Checkpoint(stepsDone - 1, name.toString()));
    } catch (IOException | TrainingException e) {
      if (StopSignal.received()) {
        return Optional.empty();
      }
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
