package io.dropblock.spark.scaling;

/**
 * Where the seconds of a step go.
 *
 * @param compute of a rank with the most slots
 * @param waiting for the slowest rank, expected
 * @param meeting telling each other how many samples there are, before the step
 * @param round the sum over the ranks
 * @param update of the parameters
 * @param roundBound what the round's time goes for
 */
public record StepTime(
    double compute, double waiting, double meeting, double round, double update, Bound roundBound) {

  /** All of it. */
  public double seconds() {
    return undisturbed() + waiting;
  }

  /** Where all ranks are equally fast. */
  public double undisturbed() {
    return compute + meeting + round + update;
  }

  /** What most of it goes for. */
  public Bound bound() {
    double most = Math.max(Math.max(compute + update, waiting), Math.max(meeting, round));
    if (most == compute + update) {
      return Bound.COMPUTE;
    }
    return most == waiting ? Bound.SLOW_RANKS : most == round ? roundBound : Bound.LATENCY;
  }
}
