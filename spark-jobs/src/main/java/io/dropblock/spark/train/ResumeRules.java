package io.dropblock.spark.train;

import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** What a checkpoint must have in common with the run that goes on with it. */
final class ResumeRules {
  private final RunFolder folder;
  private final TrainingPlan plan;
  private final long parameters;
  private final RankFeed feed;
  private final Averaging averaging;

  /**
   * @param parameters of the recipe's network, moving statistics included
   */
  ResumeRules(
      RunFolder folder, TrainingPlan plan, long parameters, RankFeed feed, Averaging averaging) {
    this.folder = folder;
    this.plan = plan;
    this.parameters = parameters;
    this.feed = feed;
    this.averaging = averaging;
  }

  /**
   * @throws TrainingException if the checkpoint is of another model, other data, other steps, has
   *     no moving average where the run keeps one or the other way round, lies within an epoch
   *     whose images were dealt in another way, or is of more or fewer ranks where these go own
   *     ways
   */
  void requireFit(Checkpoint checkpoint) {
    long expected = parameters * Float.BYTES;
    long found = checkpoint.network().parameters().length;
    if (found != expected) {
      throw refused(
          "its checkpoint is of another model, %d parameters in place of the recipe's %d",
          found / Float.BYTES, expected / Float.BYTES);
    }
    Checkpoint.Manifest manifest = checkpoint.manifest();
    requireAverage(checkpoint);
    if (manifest.origin() != null) {
      RunData.requireSame(
          folder, manifest.origin().data(), DataIdentity.of(feed.source().manifest()));
    }
    if (manifest.globalBatch() != feed.globalBatch()) {
      throw refused(
          "a step of its checkpoint has %s, one of this run would have %d, %s of %d; change"
              + " train.slots (without it train.world or train.accumulation) or train.local_batch so"
              + " that it is %d again",
          Count.of(manifest.globalBatch(), "image"),
          feed.globalBatch(),
          Count.of(feed.slots().count(), "micro-batch", "micro-batches"),
          feed.slots().localBatch(),
          manifest.globalBatch());
    }
    if (manifest.stepsPerEpoch() != plan.stepsPerEpoch()) {
      throw refused(
          "an epoch of its checkpoint has %s, one of this run would have %d; give the same"
              + " data",
          Count.of(manifest.stepsPerEpoch(), "step"), plan.stepsPerEpoch());
    }
    if (manifest.origin() != null) {
      requireOrder(manifest, manifest.origin());
      requireRanks(manifest.origin());
    }
  }

  private void requireAverage(Checkpoint checkpoint) {
    boolean kept = checkpoint.network().hasAverage();
    if (kept != plan.average().isPresent()) {
      throw refused(
          "its checkpoint %s holds %s moving average of the weights, and train.moving_average is"
              + " %s; give the recipe that it had, or begin another run",
          CheckpointName.of(checkpoint.manifest()), kept ? "a" : "no", kept ? "not set" : "set");
    }
  }

  /** Which images a step holds depends on the number of streams, those of an epoch do not. */
  private void requireOrder(Checkpoint.Manifest manifest, Checkpoint.Origin origin) {
    int streams = feed.slots().streams();
    if (manifest.stepsWithinEpoch() > 0 && origin.streams() != streams) {
      throw refused(
          "its checkpoint %s is within an epoch whose images were dealt to %s, and dealt to"
              + " %d the rest of that epoch would be other images; go on with %d (train.slots, or"
              + " ranks where it is not set), or move the checkpoints of that epoch away",
          CheckpointName.of(manifest),
          Count.of(origin.streams(), "stream"),
          streams,
          origin.streams());
    }
  }

  /** What ranks do between two averagings depends on how many they are. */
  private void requireRanks(Checkpoint.Origin origin) {
    if (averaging.bindsWorld()
        && origin.streams() == feed.slots().streams()
        && origin.world() != feed.world()) {
      throw refused(
          "%s trained it, and with %s it would be another run, as ranks go own ways between two"
              + " averagings (train.averaging); go on with train.world: %d",
          Count.of(origin.world(), "rank"), Count.of(feed.world(), "rank"), origin.world());
    }
  }

  /**
   * What people should know of a number of ranks that is another one than the checkpoint's.
   *
   * @return empty where it is the same
   */
  Optional<String> otherRanks(Checkpoint checkpoint) {
    return Optional.ofNullable(checkpoint.manifest().origin())
        .filter(origin -> origin.world() != feed.world())
        .map(
            origin ->
                String.format(
                    Locale.ROOT,
                    "Went on with %s in place of %d: %s",
                    Count.of(feed.world(), "rank"),
                    origin.world(),
                    origin.streams() == feed.slots().streams()
                        ? "each step has the same images as before"
                        : "from here on the images of a step are others"));
  }

  /**
   * Compares the data with those that the run was begun with, and keeps them for the next time.
   *
   * @param older whether an older version wrote the checkpoint, which did not know its data
   * @return what people should know
   * @throws TrainingException if they differ, or the run folder cannot be written
   */
  Optional<String> requireData(DataIdentity now, boolean older) throws IOException {
    RunData ofRun = new RunData(folder);
    if (ofRun.require(now)) {
      return Optional.empty();
    }
    ofRun.write(now);
    return older
        ? Optional.of(
            "Cannot compare the data with those that the run was begun with: an older version began"
                + " it, which kept neither class names nor identity. From now on they are kept")
        : Optional.empty();
  }

  private TrainingException refused(String reason, Object... values) {
    return new TrainingException(
        "Cannot resume run " + folder.path() + ": " + String.format(Locale.ROOT, reason, values));
  }
}
