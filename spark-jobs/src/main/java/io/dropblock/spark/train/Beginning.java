package io.dropblock.spark.train;

import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.step.RankFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the {@link Trainer} begins.
 *
 * @param checkpoint the one to go on with; none for the first step of a run
 * @param changes of the recipe since that checkpoint, such as {@code train.epochs 3 -> 6}: with one
 *     the run gets the trainer's recipe, and later checkpoints tell of it
 * @param notes what else people should know, told at the start and kept in the log
 */
public record Beginning(Optional<Checkpoint> checkpoint, List<String> changes, List<String> notes) {

  /** Copies the lists. */
  public Beginning {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** The same with more notes. */
  public Beginning noting(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Beginning(checkpoint, changes, all);
  }

  /** What is told of the changes, in one line; empty if there are none. */
  Optional<String> change() {
    long done = checkpoint.map(found -> found.manifest().step()).orElse(0L);
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of("Changed after step " + done + ": " + String.join(", ", changes));
  }

  /** What the checkpoints of a run are of that begins so and trains on this feed. */
  public Checkpoint.Origin origin(RankFeed feed) {
    List<String> all = new ArrayList<>();
    checkpoint.map(found -> found.manifest().origin()).ifPresent(old -> all.addAll(old.changes()));
    change().ifPresent(all::add);
    return origin(feed, all);
  }

  /** What the checkpoints of a run are that trains on this feed. */
  public static Checkpoint.Origin origin(RankFeed feed, List<String> changes) {
    return new Checkpoint.Origin(
        feed.world(), feed.slots().streams(), DataIdentity.of(feed.source().manifest()), changes);
  }

  /** Without changes and notes. */
  public static Beginning of(Optional<Checkpoint> checkpoint) {
    return new Beginning(checkpoint, List.of(), List.of());
  }
}
