package io.dropblock.schedule;

import java.io.Serializable;

/** A length of a run that a schedule names: a share of the whole, or a number of epochs. */
public sealed interface Period extends Serializable {

  /**
   * A share of the run.
   *
   * @param progress above 0, finite
   */
  record Share(double progress) implements Period {
    /**
     * @throws IllegalArgumentException if the share is out of range
     */
    public Share {
      requirePositive(progress);
    }

    @Override
    public double progress(Schedule of) {
      return progress;
    }

    @Override
    public Share over(int epochs) {
      return this;
    }

    @Override
    public String toString() {
      return Double.toString(progress);
    }
  }

  /**
   * Epochs.
   *
   * @param number above 0, finite; {@code 2.4} is as good as a whole number
   */
  record Epochs(double number) implements Period {
    /**
     * @throws IllegalArgumentException if the number is out of range
     */
    public Epochs {
      requirePositive(number);
    }

    @Override
    public double progress(Schedule of) {
      throw new IllegalStateException(
          "Cannot evaluate " + of + ": it names epochs, say of how many with over");
    }

    @Override
    public Share over(int epochs) {
      return new Share(number / epochs);
    }

    @Override
    public String toString() {
      return number + " epochs";
    }
  }

  private static void requirePositive(double length) {
    if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid period: " + length + ", must be a finite number above 0");
    }
  }

  /**
   * The share of the run that it takes.
   *
   * @param of the schedule that names it, for the message
   * @throws IllegalStateException if it is of epochs: of how many is not known
   */
  double progress(Schedule of);

  /**
   * The same as a share.
   *
   * @param epochs of the whole run
   */
  Share over(int epochs);
}
