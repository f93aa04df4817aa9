package io.dropblock.spark.cli;

import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.RecipeChange;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.Beginning;
import io.dropblock.spark.train.RunData;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A run that is gone on with: from which checkpoint, and with which changes of its recipe. Needs no
 * cluster.
 */
final class Resumption {
  private final RunFolder run;
  private final Recipe now;
  private final List<RecipeChange> changes;
  private final Optional<Checkpoint> newest;

  /**
   * Reads the run's recipe and its newest checkpoint, and refuses what cannot go on. Writes
   * nothing.
   *
   * @throws TrainingException if a key changed that may not, the data are others, or checkpoints
   *     cannot be used or read
   */
  Resumption(RunFolder run, Recipe now, DatasetManifest data) {
    this.run = run;
    this.now = now;
    this.changes = now.changesSince(recipe(run));
    requireAllowed();
    new RunData(run).require(DataIdentity.of(data));
    this.newest = read(CheckpointStore::toResume, line -> {});
  }

  private static Recipe recipe(RunFolder run) {
    try {
      return Recipe.parse(run.readRecipe());
    } catch (RecipeException e) {
      throw new TrainingException(
          "Cannot resume run "
              + run.path()
              + ": "
              + run.recipe()
              + " is damaged ("
              + e.getMessage().lines().map(String::strip).collect(Collectors.joining(" "))
              + "); put back a copy of it: each checkpoint holds one",
          e);
    }
  }

  private void requireAllowed() {
    List<RecipeChange> refused = changes.stream().filter(one -> !one.isAllowed()).toList();
    if (!refused.isEmpty()) {
      throw refused(
          text(refused)
              + " cannot change within a run; give it the value it had, or begin another run"
              + " (docs/how-to/recover-and-resume.md says which keys may change)");
    }
  }

  /** One of the store's ways to the newest checkpoint. */
  private interface Search {
    Optional<Checkpoint> in(CheckpointStore store, Consumer<String> told) throws IOException;
  }

  private Optional<Checkpoint> read(Search search, Consumer<String> told) {
    try {
      Optional<Checkpoint> found = search.in(run.checkpoints(), told);
      found.map(Checkpoint::manifest).ifPresent(this::requireFit);
      return found;
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read checkpoints of run "
              + run.path()
              + " now: "
              + e.getMessage()
              + "; try again",
          e);
    }
  }

  private void requireFit(Checkpoint.Manifest manifest) {
    if (manifest.step() > (long) now.train().epochs() * manifest.stepsPerEpoch()) {
      throw refused(
          String.format(
              Locale.ROOT,
              "train.epochs is %d, and %s; give more, or measure an earlier one with evaluate"
                  + " --checkpoint",
              now.train().epochs(),
              done(manifest)));
    }
    // an older version kept no number of ranks: it is the same where all else is
    boolean otherShares =
        changes.stream()
            .anyMatch(one -> one.key().matches("train\\.(slots|world|local_batch|accumulation)"));
    if (manifest.origin() == null && manifest.stepsWithinEpoch() > 0 && otherShares) {
      throw refused(
          text(changes)
              + ": an older version of this program wrote its checkpoint within an epoch; go on to"
              + " the end of that epoch before you change what a rank computes");
    }
  }

  private static String done(Checkpoint.Manifest manifest) {
    int steps = manifest.stepsWithinEpoch();
    return steps == 0
        ? Count.of(manifest.epochs(), "epoch") + " of it are done"
        : "it is " + Count.of(steps, "step") + " into epoch " + (manifest.epochs() + 1);
  }

  private TrainingException refused(String reason) {
    return new TrainingException("Cannot resume run " + run.path() + ": " + reason);
  }

  /** Whether nothing is left to train. */
  boolean isDone() {
    return newest.isPresent() && newest.get().manifest().epochs() >= now.train().epochs();
  }

  /** Takes the newest checkpoint, for the one process that trains the run. */
  Beginning begin() {
    List<String> notes = new ArrayList<>();
    Optional<Checkpoint> checkpoint = read(CheckpointStore::takeToResume, notes::add);
    if (checkpoint.isEmpty()) {
      notes.add("No checkpoint yet in " + run.path() + ": starting from the beginning");
    }
    return new Beginning(checkpoint, changes.stream().map(RecipeChange::toString).toList(), notes);
  }

  private static String text(List<RecipeChange> some) {
    return some.stream().map(RecipeChange::toString).collect(Collectors.joining(", "));
  }
}
