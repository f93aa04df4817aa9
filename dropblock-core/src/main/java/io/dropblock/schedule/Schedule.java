package io.dropblock.schedule;

import java.io.Serializable;

/**
 * A hyper-parameter as a pure function of training progress: learning rate, keep probability.
 *
 * <p>Progress is {@code step / totalSteps}, from 0 at the first step to 1 at the end of training.
 * It is clamped to [0, 1], so a run that goes on after its last planned step keeps the last value.
 * TensorFlow's reference (tensorflow/tpu, models/official/resnet/resnet_main.py) does not clamp its
 * keep probability: at one and a half times the planned steps it has dropped from 0.9 to 0.85.
 *
 * <p>The text form is what recipes hold: {@code constant(0.9)}, {@code linear(1.0, 0.9)}, {@code
 * steps(0.1, 0.01 @ 0.5, 0.001 @ 0.75)}, {@code warm-up(0.05, linear(1.0, 0.9))}. For every
 * schedule {@code Schedule.parse(schedule.toString()).equals(schedule)}.
 */
public sealed interface Schedule extends Serializable permits Constant, Linear, Steps, WarmUp {

  /**
   * The value at this progress.
   *
   * @param progress part of the training that is done; below 0 counts as 0, above 1 as 1
   * @throws IllegalArgumentException if progress is NaN
   */
  double at(double progress);

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
