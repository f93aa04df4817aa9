package io.dropblock.spark.train.checkpoint;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A run at the end of an epoch, or between two steps.
 *
 * @param manifest what it is
 * @param recipe the effective recipe as YAML
 * @param network configuration, parameters, updater state and counters
 */
public record Checkpoint(Manifest manifest, String recipe, NetworkState network) {

  /** Changes where a byte of its files does: a SHA-256, hexadecimal. */
  public String identity() {
    StringBuilder all = new StringBuilder();
    for (Entry file : manifest.files()) {
      all.append(file.sha256()).append(' ').append(file.name()).append('\n');
    }
    return HashedFile.checksum(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What a checkpoint is; written last, so that a folder without one is no checkpoint.
   *
   * @param version of the format, {@value #VERSION}
   * @param epochs epochs that are done; the run goes on with this one, counted from 0
   * @param step steps that are done in the run, those of the epoch under way included: with the
   *     epoch and the seed it gives the data's position
   * @param stepsPerEpoch steps of an epoch: another world or batch would count differently
   * @param globalBatch images of one step
   * @param seed the seed of the run
   * @param scores of the last epoch that is done or null; null within an epoch
   * @param best so far or null
   * @param files the other files
   * @param versions of what wrote it
   * @param origin which run on which data; null in version 1, which did not know
   */
  public record Manifest(
      int version,
      int epochs,
      long step,
      int stepsPerEpoch,
      int globalBatch,
      long seed,
      Scores scores,
      Best best,
      List<Entry> files,
      List<String> versions,
      Origin origin)
      implements Serializable {
    /** Of the format that is written today. */
    public static final int VERSION = 4;

    /**
     * Steps that are done in the epoch under way, 0 at the end of one; all of them where it was
     * stopped before it was measured.
     */
    public int stepsWithinEpoch() {
      return Math.toIntExact(step - (long) epochs * stepsPerEpoch);
    }

    /** The same run after more steps of the epoch under way. */
    public Manifest at(long stepsDone) {
      return new Manifest(
          version,
          epochs,
          stepsDone,
          stepsPerEpoch,
          globalBatch,
          seed,
          null,
          best,
          files,
          versions,
          origin);
    }

    Manifest withFiles(List<Entry> entries) {
      return new Manifest(
          version,
          epochs,
          step,
          stepsPerEpoch,
          globalBatch,
          seed,
          scores,
          best,
          entries,
          versions,
          origin);
    }
  }

  /**
   * What a checkpoint goes on with only where it is the same, or was changed openly.
   *
   * @param world number of ranks
   * @param streams parts of an epoch's sequence, on which the order of the images within an epoch
   *     depends; up to version 3 each rank had one, and null stands for that
   * @param data that it was trained on
   * @param changes since the run began, oldest first, for people: first whose trunk it took, if it
   *     took one, then changes of the recipe, which itself has them
   */
  public record Origin(int world, Integer streams, DataIdentity data, List<String> changes)
      implements Serializable {

    /**
     * @throws IllegalArgumentException if data or changes are missing
     */
    public Origin {
      if (data == null || changes == null) {
        throw new IllegalArgumentException("Invalid origin: data or changes are missing");
      }
      streams = streams == null ? Integer.valueOf(world) : streams;
      changes = List.copyOf(changes);
    }
  }

  /**
   * A file of the checkpoint.
   *
   * @param name its name in the checkpoint's folder
   * @param bytes its length
   * @param sha256 its checksum, hexadecimal
   */
  public record Entry(String name, long bytes, String sha256) implements Serializable {}
}
