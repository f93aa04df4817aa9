package io.dropblock.spark.scaling.simulation;

import java.util.Arrays;

/**
 * Seconds by what they went for. What was spent on steps is kept only when a checkpoint holds them:
 * until then it may turn out to be lost.
 */
final class Ledger {
  private static final int CAUSES = Cause.values().length;

  /** Behind the causes, the seconds that an undisturbed run would take as well. */
  private static final int IDEAL = CAUSES;

  private final double[] kept = new double[CAUSES + 1];

  /** Of steps that a checkpoint holds which is being written. */
  private final double[] written = new double[CAUSES + 1];

  /** Of steps behind it. */
  private final double[] open = new double[CAUSES + 1];

  /** Of a step, or of what comes with it. */
  void add(Cause cause, double seconds) {
    open[cause.ordinal()] += seconds;
  }

  /** Of a step, what an undisturbed run would take as well. */
  void addIdeal(double seconds) {
    open[IDEAL] += seconds;
  }

  /** What is spent for good, whatever becomes of the steps. */
  void spend(Cause cause, double seconds) {
    kept[cause.ordinal()] += seconds;
  }

  /** A checkpoint begins to be written that holds all steps so far; none is being written. */
  void beginCheckpoint() {
    move(open, written);
  }

  /** The checkpoint is written. */
  void endCheckpoint() {
    move(written, kept);
  }

  /** What no checkpoint holds has to be done again. */
  void lose() {
    spend(Cause.RECOMPUTED, sum(written) + sum(open));
    Arrays.fill(written, 0);
    Arrays.fill(open, 0);
  }

  private static void move(double[] from, double[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] += from[i];
      from[i] = 0;
    }
  }

  private static double sum(double[] seconds) {
    return Arrays.stream(seconds).sum();
  }

  /** Of a run that is done: all is kept. */
  void close() {
    endCheckpoint();
    move(open, kept);
  }

  /** What a cause took of what is kept. */
  double of(Cause cause) {
    return kept[cause.ordinal()];
  }

  /** What an undisturbed run would have taken for what is kept. */
  double ideal() {
    return kept[IDEAL];
  }
}
