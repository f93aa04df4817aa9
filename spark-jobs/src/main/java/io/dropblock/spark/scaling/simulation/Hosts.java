package io.dropblock.spark.scaling.simulation;

import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** The hosts of a run: which have a rank, which wait, and when the next one fails. */
final class Hosts {
  private final FailurePlan plan;
  private final RandomGenerator random;

  /** When hosts that failed are back, the first one first. */
  private final PriorityQueue<Double> back = new PriorityQueue<>();

  private int ranks;
  private int spares;
  private double nextFailure;

  Hosts(FailurePlan plan, RandomGenerator random) {
    this.plan = plan;
    this.random = random;
    this.ranks = plan.ranks();
    this.spares = plan.spares();
    drawFailure(0);
  }

  int ranks() {
    return ranks;
  }

  boolean tooFew() {
    return ranks < plan.least();
  }

  /** When a host with a rank fails, if none comes or goes before. */
  double nextFailure() {
    return nextFailure;
  }

  /** When the next host is back; infinite if all are there. */
  double nextBack() {
    return back.isEmpty() ? Double.POSITIVE_INFINITY : back.peek();
  }

  /** A host with a rank fails; a spare one takes its place, if there is one. */
  void fail(double now) {
    back.add(now + plan.repair());
    if (spares > 0) {
      spares--;
    } else {
      ranks--;
    }
    drawFailure(now);
  }

  /**
   * Takes in hosts that were back at a time; those that the run does not need wait.
   *
   * @param by when they must have been back
   * @return whether there are more ranks now
   */
  boolean takeIn(double by, double now) {
    int before = ranks;
    while (!back.isEmpty() && back.peek() <= by) {
      back.remove();
      if (ranks < plan.ranks()) {
        ranks++;
      } else {
        spares++;
      }
    }
    if (ranks > before) {
      drawFailure(now);
    }
    return ranks > before;
  }

  /**
   * An exponential time has no memory: it may be drawn anew whenever the number of ranks changes.
   */
  private void drawFailure(double now) {
    nextFailure =
        ranks == 0
            ? Double.POSITIVE_INFINITY
            : now - Math.log(1 - random.nextDouble()) * plan.hostSeconds() / ranks;
  }
}
