package io.dropblock.spark.train;

import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
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

  /**
   * @param parameters of the recipe's network, moving statistics included
   */
  ResumeRules(RunFolder folder, TrainingPlan plan, long parameters, RankFeed feed) {
    this.folder = folder;
    this.plan = plan;
    this.parameters = parameters;
    this.feed = feed;
  }

  /**
   * @throws TrainingException if the checkpoint is of another model, other data, other steps, has
   *     no moving average where the run keeps one or the other way round, or lies within an epoch
   *     that other ranks have begun
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
          "a step of its checkpoint has %s, one of this run would have %d, from %s x %d"
              + " x accumulation %d; change train.world, train.local_batch or train.accumulation so"
              + " that it is %d again",
          Count.of(manifest.globalBatch(), "image"),
          feed.globalBatch(),
          Count.of(feed.world(), "rank"),
          feed.localBatch(),
          feed.accumulation(),
          manifest.globalBatch());
    }
    if (manifest.stepsPerEpoch() != plan.stepsPerEpoch()) {
      throw refused(
          "an epoch of its checkpoint has %s, one of this run would have %d; give the same"
              + " data",
          Count.of(manifest.stepsPerEpoch(), "step"), plan.stepsPerEpoch());
    }
    requireOrder(manifest);
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

  /** Which images a step holds depends on the number of ranks, those of an epoch do not. */
  private void requireOrder(Checkpoint.Manifest manifest) {
    if (manifest.origin() != null
        && manifest.stepsWithinEpoch() > 0
        && manifest.origin().world() != feed.world()) {
      throw refused(
          "its checkpoint %s is within an epoch that %s began, and with %s the rest"
              + " of that epoch would hold other images; go on with %s, or move the checkpoints"
              + " of that epoch away",
          CheckpointName.of(manifest),
          Count.of(manifest.origin().world(), "rank"),
          Count.of(feed.world(), "rank"),
          Count.of(manifest.origin().world(), "rank"));
    }
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
