package io.dropblock.schedule;

import java.io.Serializable;
import java.util.OptionalInt;

/**
 * A hyper-parameter as a pure function of training progress: learning rate, keep probability.
 *
 * <p>Progress is {@code step / totalSteps}, from 0 at the first step to 1 at the end of training.
 * It is clamped to [0, 1], so a run that goes on after its last planned step keeps the last value.
 * TensorFlow's reference (tensorflow/tpu, models/official/resnet/resnet_main.py) does not clamp its
 * keep probability: at one and a half times the planned steps it has dropped from 0.9 to 0.85.
 *
 * <p>The text form is what recipes hold: {@code constant(0.9)}, {@code linear(1.0, 0.9)}, {@code
 * steps(0.1, 0.01 @ 0.5, 0.001 @ 0.75)}, {@code exponential(0.64, 0.97, every 2.4 epochs)}, {@code
 * exponential(0.64, 0.9, every 0.01, staircase, floor 6.4E-5)}, {@code cosine(0.5, 0.0)}, {@code
 * cosine(0.5, 0.0, from epoch 5)}, {@code warm-up(0.05, linear(1.0, 0.9))}. A place is a share of
 * the run or an epoch: {@code steps(0.4, 0.04 @ epoch 125)}, {@code warm-up(epoch 5, 0.4)}. For
 * every schedule {@code Schedule.parse(schedule.toString()).equals(schedule)}.
 *
 * <p>What names epochs is a function of progress only once it is known of how many: {@link #over}.
 */
public sealed interface Schedule extends Serializable
    permits Constant, Cosine, Exponential, Linear, Steps, WarmUp {

  /**
   * The value at this progress.
   *
   * @param progress part of the training that is done; below 0 counts as 0, above 1 as 1
   * @throws IllegalArgumentException if progress is NaN
   * @throws IllegalStateException if it names epochs
   */
  double at(double progress);

  /**
   * The same schedule with all epochs as shares of a run; itself if it names none. Epoch {@code e}
   * is the double nearest to {@code e / epochs}.
   *
   * @param epochs of the whole run, at least 1
   * @throws IllegalArgumentException if the run ends before an epoch that it names
   */
  default Schedule over(int epochs) {
    return this;
  }

  /** The last epoch that it names, if any. */
  default OptionalInt lastEpoch() {
    return OptionalInt.empty();
  }

  /** A lower bound of all values over [0, 1]; reached, except where a warm-up hides it. */
  double lowest();

  /** An upper bound of all values over [0, 1]; reached, except where a warm-up hides it. */
  double highest();

  /**
   * Reads the text form; a bare number is a constant.
   *
   * @param text one of the forms above, spaces where one likes, at most 10,000 characters
   * @throws IllegalArgumentException if the text is no schedule, in one line with what is expected
   */
  static Schedule parse(String text) {
    return new ScheduleParser(text).parse();
  }
}
