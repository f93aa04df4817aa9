package io.dropblock.schedule;

/**
 * A value that is multiplied by a factor in each period, down to a floor:
 *
 * <pre>{@code
 * max(floor, from * factor ^ (progress / every))           smoothly
 * max(floor, from * factor ^ floor(progress / every))      in stairs
 * }</pre>
 *
 * <p>A stair begins a billionth of a period early, or rounding might put it off by a step.
 *
 * <p>TensorFlow's {@code exponential_decay} (tensorflow/python/training/learning_rate_decay.py).
 * The public AmoebaNet (tensorflow/tpu, models/official/amoeba_net/model_builder.py) has it in
 * stairs with a floor. Within a warm-up ours goes straight to the value that it has by then; that
 * code's to the value at the start, whatever has been taken from it in between.
 *
 * @param from value at progress 0, above 0
 * @param factor above 0 and below 1
 * @param every the period
 * @param staircase whether the value stands still within a period
 * @param floor the lowest value, at least 0 and at most {@code from}
 */
public record Exponential(double from, double factor, Period every, boolean staircase, double floor)
    implements Schedule {

  private static final double EARLY = 1e-9;

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public Exponential {
    if (!(from > 0 && from < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid exponential start: " + from + ", must be a finite number above 0");
    }
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException(
          "Invalid exponential factor: " + factor + ", must be above 0 and below 1");
    }
    if (!(floor >= 0 && floor <= from)) {
      throw new IllegalArgumentException(
          "Invalid exponential floor: " + floor + ", must be from 0 to " + from);
    }
    floor += 0.0; // -0.0 is 0.0
  }

  @Override
  public double at(double progress) {
    return value(Checks.progress(this, progress), every.progress(this));
  }

  private double value(double done, double period) {
    double periods = staircase ? Math.floor(done / period + EARLY) : done / period;
    return Math.max(floor, from * Math.pow(factor, periods));
  }

  @Override
  public Exponential over(int epochs) {
    return new Exponential(from, factor, every.over(epochs), staircase, floor);
  }

  /** {@inheritDoc} In epochs, of which it is not known how many there are, it is the floor. */
  @Override
  public double lowest() {
    return every instanceof Period.Share share ? value(1, share.progress()) : floor;
  }

  @Override
  public double highest() {
    return from;
  }

  @Override
  public String toString() {
    return "exponential("
        + from
        + ", "
        + factor
        + ", every "
        + every
        + (staircase ? ", staircase" : "")
        + (floor > 0 ? ", floor " + floor : "")
        + ")";
  }
}
