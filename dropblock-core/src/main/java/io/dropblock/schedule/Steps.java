package io.dropblock.schedule;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;
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
   * @param from where the value comes into force: a share above 0 and below 1, or an epoch
   */
  public record Change(double value, Place from) implements Serializable {

    /**
     * @throws IllegalArgumentException if the value is not finite or the boundary not inside (0, 1)
     */
    public Change {
      Checks.finite("steps value", value);
      if (from instanceof Place.Share share && !(share.progress() > 0 && share.progress() < 1)) {
        throw new IllegalArgumentException(
            "Invalid steps boundary: " + from + ", must be above 0 and below 1");
      }
    }

    /** A new value from a share of the run on. */
    public Change(double value, double from) {
      this(value, new Place.Share(from));
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
      if (!ascend(changes.get(i - 1).from, changes.get(i).from)) {
        throw new IllegalArgumentException(
            "Invalid steps boundary: "
                + changes.get(i).from
                + " after "
                + changes.get(i - 1).from
                + ", boundaries must ascend");
      }
    }
  }

  /** A share and an epoch can be compared in a run only: see {@link #over}. */
  private static boolean ascend(Place before, Place after) {
    if (before instanceof Place.Share one && after instanceof Place.Share other) {
      return one.progress() < other.progress();
    }
    return !(before instanceof Place.Epoch one
        && after instanceof Place.Epoch other
        && one.number() >= other.number());
  }

  @Override
  public double at(double progress) {
    double done = Checks.progress(this, progress);
    double value = first;
    for (Change change : changes) {
      if (done >= change.from.progress(this)) {
        value = change.value;
      }
    }
    return value;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if shares and epochs do not ascend in that run
   */
  @Override
  public Steps over(int epochs) {
    List<Change> shares =
        changes.stream().map(change -> new Change(change.value, share(change, epochs))).toList();
    return new Steps(first, shares);
  }

  private Place share(Change change, int epochs) {
    // what would begin with the end never comes
    if (change.from instanceof Place.Epoch epoch && epoch.number() == epochs) {
      throw epoch.outside(epochs, this);
    }
    return change.from.over(epochs, this);
  }

  @Override
  public OptionalInt lastEpoch() {
    return changes.stream()
        .map(Change::from)
        .filter(Place.Epoch.class::isInstance)
        .mapToInt(place -> ((Place.Epoch) place).number())
        .max();
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
