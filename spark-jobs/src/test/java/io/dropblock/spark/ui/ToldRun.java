package io.dropblock.spark.ui;

import io.dropblock.metric.Scores;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;
import java.util.Map;

/** A run of three epochs, as it would be told; its names are markup. */
final class ToldRun {
  static final String HOSTILE = "<script>alert(1)</script>";
  static final int EPOCHS = 3;
  static final int STEPS = 10;

  private ToldRun() {}

  static TrainingOpened opened() {
    return opened(HOSTILE, false);
  }

  /**
   * One of several.
   *
   * @param beside whether others may go on that were opened before
   */
  static TrainingOpened opened(String name, boolean beside) {
    return new TrainingOpened(name, "/runs/" + name, "name: " + name, beside);
  }

  /** The second epoch fails in its middle, and is done again from its start. */
  static void tell(RunWatch watch) {
    watch.accept(new RunEvent.Started(HOSTILE, 2, 64, EPOCHS, STEPS, 0, 640, 1234));
    epoch(watch, 0);
    for (long step = STEPS; step < STEPS + 5; step++) {
      watch.accept(steps(1, step));
    }
    watch.accept(new RunEvent.Failed(1, 3, STEPS, "executor " + HOSTILE, List.of()));
    epoch(watch, 1);
    epoch(watch, 2);
  }

  static void epoch(RunWatch watch, int epoch) {
    for (long step = (long) epoch * STEPS; step < (epoch + 1) * STEPS; step++) {
      watch.accept(steps(epoch, step));
    }
    Scores scores = new Scores(List.of(new Scores.Score("top-1", .5)), List.of(), List.of());
    watch.accept(
        new RunEvent.Epoch(
            epoch, 1.5, 64, 2, .9, .93, .1, scores, .5, Map.of(), List.of(), List.of()));
  }

  static RunEvent steps(int epoch, long step) {
    return new RunEvent.Steps(epoch, step, 1, 1.5, 64, .9, .93, .1);
  }
}
