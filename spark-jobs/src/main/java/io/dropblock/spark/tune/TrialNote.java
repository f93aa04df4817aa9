package io.dropblock.spark.tune;

import java.util.List;

/** What is said of a trial at the end of its line. */
final class TrialNote {
  private TrialNote() {}

  /**
   * Of one of them.
   *
   * @param trials all of them
   * @param at which one
   * @param search that asked for them
   */
  static String of(List<Trial> trials, int at, Search search) {
    Trial trial = trials.get(at);
    if (!trial.isDone()) {
      return "failed: " + trial.failure();
    }
    if (at == 0) {
      return "the present settings";
    }
    if (at == 1) {
      return "the same again";
    }
    Search.State before = search.after(trials.subList(0, at));
    String verdict = verdict(trial, before);
    return search
        .bounds()
        .otherRun(search.start(), trial.setting())
        .map(other -> verdict + "; " + other)
        .orElse(verdict);
  }

  /** Against the best before it. */
  private static String verdict(Trial trial, Search.State before) {
    Trial best = before.best().orElseThrow();
    Noise noise = new Noise(before.noise());
    if (noise.isFaster(trial, best)) {
      return "faster than the best before";
    }
    return noise.isSlower(trial, best) ? "slower" : "a draw";
  }
}
