package io.dropblock.spark.train.event;

import java.util.function.Consumer;

/**
 * Passes on what happens, of a long run's steps about {@value #MOST_SLICES} slices: what is held
 * back is in the next one. So what holds them does not grow with a run's hours. It is for one
 * thread at a time.
 */
public final class Thinned implements Consumer<RunEvent> {
  private static final int MOST_SLICES = 4000;

  private final Consumer<RunEvent> next;
  private long apart = 1;
  private RunEvent.Steps held;

  /**
   * @param next told of the rest
   */
  public Thinned(Consumer<RunEvent> next) {
    this.next = next;
  }

  /** Learns how long the run is, of which it then passes on a part. */
  void begin(RunEvent.Started started) {
    apart = Math.max(1, (long) started.epochs() * started.stepsPerEpoch() / MOST_SLICES);
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Steps steps) {
      if (held != null && held.epoch() != steps.epoch()) {
        // the epoch's own event may come among the steps of the next
        passOn();
      }
      held = held == null ? steps : held.plus(steps);
      if (Math.max(1, held.steps()) >= apart) {
        passOn();
      }
      return;
    }
    if (event instanceof RunEvent.Started started) {
      begin(started);
    }
    if (event instanceof RunEvent.Failed) {
      // they are done again
      held = null;
    }
    passOn();
    next.accept(event);
  }

  private void passOn() {
    if (held != null) {
      RunEvent.Steps steps = held;
      held = null;
      next.accept(steps);
    }
  }
}
