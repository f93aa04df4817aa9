package io.dropblock.spark.train;

import java.util.List;
import java.util.Optional;

/**
 * Where the {@link Trainer} begins.
 *
 * @param checkpoint the one to go on with; none for the first step of a run
 * @param changes of the recipe that are new since, for people; later checkpoints keep them
 * @param notes what else people should know, told at the start and kept in the log
 */
public record Beginning(Optional<Checkpoint> checkpoint, List<String> changes, List<String> notes) {

  /** Copies the lists. */
  public Beginning {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** Without changes and notes. */
  public static Beginning of(Optional<Checkpoint> checkpoint) {
    return new Beginning(checkpoint, List.of(), List.of());
  }
}
