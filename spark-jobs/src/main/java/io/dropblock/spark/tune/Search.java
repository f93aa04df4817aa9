package io.dropblock.spark.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which setting to try next, and which is the best, as a function of the trials so far: the present
 * setting twice, then one coordinate behind the other, each around the best so far. A setting takes
 * its place only where it is faster by more than the {@link Noise}.
 *
 * @param start the present setting
 * @param order coordinates
 * @param bounds what may be tried
 */
public record Search(Setting start, List<Coordinate> order, Bounds bounds) {
  private static final int STARTS = 2;

  /**
   * Where a search is.
   *
   * @param next what to try; empty at its end
   * @param left trials that may come, this one included; fewer where settings turn out otherwise
   * @param noise the share by which two trials of the present setting differed
   * @param base the faster trial of the present setting, which others are compared with
   * @param sameRun the best without the local batch's coordinate: it trains the same run
   * @param best of all
   * @param notTried what was left out so far
   */
  public record State(
      Optional<Setting> next,
      int left,
      double noise,
      Optional<Trial> base,
      Optional<Trial> sameRun,
      Optional<Trial> best,
      List<NotTried> notTried) {}

  /**
   * Goes through what was tried.
   *
   * @param trials in the order in which this asked for them
   */
  public State after(List<Trial> trials) {
    boolean failed = !trials.isEmpty() && !trials.get(0).isDone();
    if (failed) {
      return new State(
          Optional.empty(), 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }
    if (trials.size() < STARTS) {
      int left = STARTS - trials.size() + order.stream().mapToInt(it -> count(it, start)).sum();
      return new State(
          Optional.of(start),
          left,
          Noise.unknown().between(),
          trials.stream().findFirst(),
          trials.stream().findFirst(),
          trials.stream().findFirst(),
          List.of());
    }
    // the faster one: a slow moment of the cluster makes no other setting fast
    Trial again = trials.get(1);
    boolean slower = !again.isDone() || again.rate() < trials.get(0).rate();
    Trial base = slower ? trials.get(0) : again;
    return new Walk(Noise.of(trials.get(0), trials.get(1)), base).along(trials);
  }

  private int count(Coordinate coordinate, Setting around) {
    return Neighbours.of(coordinate, around, bounds).settings().size();
  }

  /** Once through the trials. */
  private final class Walk {
    private final Noise noise;
    private final Trial base;
    private final List<NotTried> notTried = new ArrayList<>();
    private Trial best;
    private Trial sameRun;
    private int used = STARTS;

    Walk(Noise noise, Trial base) {
      this.noise = noise;
      this.base = base;
      this.best = base;
      this.sameRun = base;
    }

    State along(List<Trial> trials) {
      for (int at = 0; at < order.size(); at++) {
        Coordinate coordinate = order.get(at);
        Neighbours around = Neighbours.of(coordinate, best.setting(), bounds);
        notTried.addAll(around.notTried());
        Trial before = best;
        for (int i = 0; i < around.settings().size(); i++) {
          if (used == trials.size()) {
            int rest = around.settings().size() - i;
            for (Coordinate later : order.subList(at + 1, order.size())) {
              rest += count(later, before.setting());
            }
            return state(Optional.of(around.settings().get(i)), rest);
          }
          take(trials.get(used++));
        }
        if (coordinate != Coordinate.LOCAL_BATCH) {
          sameRun = best;
        }
      }
      return state(Optional.empty(), 0);
    }

    private void take(Trial trial) {
      if (noise.isFaster(trial, best)) {
        best = trial;
      }
    }

    private State state(Optional<Setting> next, int left) {
      return new State(
          next,
          left,
          noise.between(),
          Optional.of(base),
          Optional.of(sameRun),
          Optional.of(best),
          List.copyOf(notTried));
    }
  }
}
