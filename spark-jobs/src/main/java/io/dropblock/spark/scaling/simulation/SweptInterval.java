package io.dropblock.spark.scaling.simulation;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What runs with one number of steps between two checkpoints lost.
 *
 * @param every that number
 * @param runs one a seed, at least one
 */
public record SweptInterval(int every, List<LostTime> runs) {

  /** Copies the list. */
  public SweptInterval {
    runs = List.copyOf(runs);
  }

  /**
   * A figure over the runs.
   *
   * @param mean of the runs
   * @param deviation between the runs; 0 of one run
   */
  public record Figure(double mean, double deviation) {}

  /** Seconds lost in all. */
  public Figure lost() {
    return over(run -> run.total() - run.ideal());
  }

  /** Seconds lost by a cause. */
  public Figure lost(Cause cause) {
    return over(run -> run.lost().get(cause));
  }

  /** Seconds lost in all, as a share of what an undisturbed run takes. */
  public Figure share() {
    return over(run -> run.total() / run.ideal() - 1);
  }

  /** Failures of a run. */
  public Figure failures() {
    return over(LostTime::failures);
  }

  /** How often a run gave up. */
  public Figure givenUp() {
    return over(LostTime::givenUp);
  }

  /** Whether all runs came to their end. */
  public boolean ends() {
    return runs.stream().allMatch(run -> Double.isFinite(run.total()));
  }

  /** Deviation of the mean of what is lost, in seconds. */
  public double error() {
    return lost().deviation() / Math.sqrt(runs.size());
  }

  private Figure over(ToDoubleFunction<LostTime> value) {
    double mean = runs.stream().mapToDouble(value).average().orElseThrow();
    if (Double.isInfinite(mean)) {
      return new Figure(mean, 0);
    }
    double squares =
        runs.stream().mapToDouble(run -> Math.pow(value.applyAsDouble(run) - mean, 2)).sum();
    return new Figure(mean, runs.size() == 1 ? 0 : Math.sqrt(squares / (runs.size() - 1)));
  }
}
