package io.dropblock.spark.train.checkpoint;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a checkpoint's folder; later ones are greater.
 *
 * @param epochs epochs that are done
 * @param steps further steps that are done
 */
public record CheckpointName(int epochs, int steps) implements Comparable<CheckpointName> {
  private static final Pattern TEXT = Pattern.compile("epoch-(\\d{4,9})(?:-step-(\\d{8,9}))?");
  private static final Comparator<CheckpointName> ORDER =
      Comparator.comparing(CheckpointName::epochs).thenComparing(CheckpointName::steps);

  /** Of the checkpoint that has this manifest. */
  public static CheckpointName of(Checkpoint.Manifest manifest) {
    return new CheckpointName(manifest.epochs(), manifest.stepsWithinEpoch());
  }

  static CheckpointName afterEpochs(int epochs) {
    return new CheckpointName(epochs, 0);
  }

  /** Of a folder that holds a checkpoint, to go by its name. */
  static Optional<CheckpointName> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String steps = matcher.group(2);
    return Optional.of(
        new CheckpointName(
            Integer.parseInt(matcher.group(1)), steps == null ? 0 : Integer.parseInt(steps)));
  }

  boolean isWithinEpoch() {
    return steps > 0;
  }

  @Override
  public int compareTo(CheckpointName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return isWithinEpoch()
        ? String.format(Locale.ROOT, "epoch-%04d-step-%08d", epochs, steps)
        : String.format(Locale.ROOT, "epoch-%04d", epochs);
  }
}
