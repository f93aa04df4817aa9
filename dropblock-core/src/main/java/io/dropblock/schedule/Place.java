package io.dropblock.schedule;

import java.io.Serializable;

/**
 * A point of a run that a schedule names: a share of the whole, or the beginning of an epoch, which
 * stays where it is when the run gets longer.
 */
public sealed interface Place extends Serializable {

  /**
   * A share of the run.
   *
   * @param progress from 0 at the first step to 1 at the end; what names the place says which of
   *     them it takes
   */
  record Share(double progress) implements Place {
    @Override
    public double progress(Schedule of) {
      return progress;
    }

    @Override
    public Share over(int epochs, Schedule of) {
      return this;
    }

    @Override
    public String toString() {
      return Double.toString(progress);
    }
  }

  /**
   * The beginning of an epoch.
   *
   * @param number counted from 0, as epochs that are done: at least 1
   */
  record Epoch(int number) implements Place {
    /**
     * @throws IllegalArgumentException if the epoch is the first or none
     */
    public Epoch {
      if (number < 1) {
        throw new IllegalArgumentException("Invalid epoch: " + number + ", must be at least 1");
      }
    }

    @Override
    public double progress(Schedule of) {
      throw new IllegalStateException(
          "Cannot evaluate " + of + ": it names epochs, say of how many with over");
    }

    @Override
    public Share over(int epochs, Schedule of) {
      if (number > epochs) {
        throw outside(epochs, of);
      }
      return new Share((double) number / epochs);
    }

    IllegalArgumentException outside(int epochs, Schedule of) {
      return new IllegalArgumentException(
          "Cannot place "
              + of
              + " in a run: epoch "
              + number
              + " of "
              + epochs
              + ", which count from 0; train longer, or place it earlier");
    }

    @Override
    public String toString() {
      return "epoch " + number;
    }
  }

  /**
   * The share of the run that lies before.
   *
   * @param of the schedule that names the place, for the message
   * @throws IllegalStateException if it is an epoch: of how many is not known
   */
  double progress(Schedule of);

  /**
   * The same place as a share.
   *
   * @param epochs of the whole run
   * @param of the schedule that names the place, for the message
   * @throws IllegalArgumentException if the run ends before it
   */
  Share over(int epochs, Schedule of);
}
