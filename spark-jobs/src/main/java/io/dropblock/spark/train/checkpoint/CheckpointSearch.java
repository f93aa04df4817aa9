package io.dropblock.spark.train.checkpoint;

import io.dropblock.nn.NotFinite;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The newest checkpoint that can be used, and those that are newer and cannot. A checkpoint that is
 * damaged is passed over; one that cannot be read now, for a network or a right that is missing, is
 * not: it may be the good one.
 */
final class CheckpointSearch {
  private static final int MOST_LISTS = 10;

  private final CheckpointStore store;
  private final List<Flawed> flawed = new ArrayList<>();
  private Optional<Checkpoint> found = Optional.empty();

  /**
   * A checkpoint that cannot be used.
   *
   * @param reason what is wrong with it
   */
  private record Flawed(CheckpointName name, String reason) {
    @Override
    public String toString() {
      return name + ": " + reason;
    }
  }

  /**
   * Searches.
   *
   * @param finite whether one that holds numbers that are not finite is passed over, too
   * @throws TrainingException if there are checkpoints and none of them can be used, with what is
   *     wrong with each
   * @throws IOException if one cannot be read now
   */
  CheckpointSearch(CheckpointStore store, boolean finite) throws IOException {
    this.store = store;
    for (int lists = 1; !isThrough(finite); lists++) {
      if (lists == MOST_LISTS) {
        throw new IOException("its run deletes checkpoints while they are read");
      }
    }
    if (found.isEmpty() && !flawed.isEmpty()) {
      throw new TrainingException(
          "Cannot use any checkpoint in "
              + store.folder()
              + ": "
              + flawed.stream().map(Flawed::toString).collect(Collectors.joining("; "))
              + "; put back a copy of one, or delete that folder to start from the beginning");
    }
  }

  /** False if a run has deleted what was listed; it has newer ones then. */
  private boolean isThrough(boolean finite) throws IOException {
    flawed.clear();
    for (CheckpointName name : store.newestFirst()) {
      if (!look(name, finite)) {
        return false;
      }
      if (found.isPresent()) {
        return true;
      }
    }
    return true;
  }

  private boolean look(CheckpointName name, boolean finite) throws IOException {
    try {
      Optional<Checkpoint> read = store.read(name);
      Optional<String> what =
          finite ? read.flatMap(whole -> NotFinite.in(whole.network())) : Optional.empty();
      if (what.isPresent()) {
        flawed.add(new Flawed(name, what.get() + " is not finite"));
      } else {
        found = read;
      }
      return read.isPresent();
    } catch (DamagedCheckpointException e) {
      flawed.add(new Flawed(name, e.getMessage()));
      return true;
    }
  }

  /** The newest that can be used; empty if there is none at all. */
  Optional<Checkpoint> found() {
    return found;
  }

  /** Says which were passed over. */
  void tell(Consumer<String> told) {
    for (Flawed one : flawed) {
      told.accept("Passed over checkpoint " + one + taken());
    }
  }

  /** Says it, and puts them where they are not in the way of those that the run will write. */
  void setAside(Consumer<String> told) throws IOException {
    for (Flawed one : flawed) {
      told.accept(
          "Passed over checkpoint "
              + one
              + taken()
              + "; it is kept as "
              + store.setAside(one.name));
    }
  }

  private String taken() {
    return found
        .map(checkpoint -> ", and took " + CheckpointName.of(checkpoint.manifest()))
        .orElse("");
  }
}
