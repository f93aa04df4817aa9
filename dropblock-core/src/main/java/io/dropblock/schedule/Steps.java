package io.dropblock.schedule;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Values that hold until the next boundary. At a boundary the new value is already in force, so
 * {@code 0.04 @ 0.5} of 10 epochs is the learning rate of the first step of epoch 5, counted from
 * 0.
 *
 * @param first value before the first boundary, finite
 * @param changes at least one, boundaries ascending
 */
public record Steps(double first, List<Change> changes) implements Schedule {

  /**
   * A new value.
   *
   * @param value finite
   * @param from progress at which the value comes into force, above 0 and below 1
   */
  public record Change(double value, double from) implements Serializable {

    /**
     * @throws IllegalArgumentException if the value is not finite or the boundary not inside (0, 1)
     */
    public Change {
      Checks.finite("steps value", value);
      if (!(from > 0 && from < 1)) {
        throw new IllegalArgumentException(
            "Invalid steps boundary: " + from + ", must be above 0 and below 1");
      }
    }

    @Override
    public String toString() {
      return value + " @ " + from;
    }
  }

  /**
   * @throws IllegalArgumentException if there is no change or the boundaries do not ascend
   */
  public Steps {
    Checks.finite("steps value", first);
    changes = List.copyOf(changes);
    if (changes.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid steps: no change after " + first + ", write constant(" + first + ")");
    }
    for (int i = 1; i < changes.size(); i++) {
      if (changes.get(i).from <= changes.get(i - 1).from) {
        throw new IllegalArgumentException(
            "Invalid steps boundary: "
                + changes.get(i).from
                + " after "
                + changes.get(i - 1).from
                + ", boundaries must ascend");
      }
    }
  }

  @Override
  public double at(double progress) {
    double done = Checks.progress(this, progress);
    double value = first;
    for (Change change : changes) {
      if (done >= change.from) {
        value = change.value;
      }
    }
    return value;
  }

  @Override
  public double lowest() {
    return changes.stream().mapToDouble(Change::value).reduce(first, Math::min);
  }

  @Override
  public double highest() {
    return changes.stream().mapToDouble(Change::value).reduce(first, Math::max);
  }

  @Override
  public String toString() {
    return changes.stream()
        .map(Change::toString)
        .collect(Collectors.joining(", ", "steps(" + first + ", ", ")"));
  }
}
