package io.dropblock.spark.train;

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

  /** What is told of the changes, in one line; empty if there are none. */
  Optional<String> change() {
    long done = checkpoint.map(found -> found.manifest().step()).orElse(0L);
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of("Changed after step " + done + ": " + String.join(", ", changes));
  }

  /** Without changes and notes. */
  public static Beginning of(Optional<Checkpoint> checkpoint) {
    return new Beginning(checkpoint, List.of(), List.of());
  }
}
