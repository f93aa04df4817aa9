package io.dropblock.spark.tune;

import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Listens to the steps of a trial, by the clocks of its ranks: the first ones are not counted, and
 * when those behind have taken long enough it is done. Time between two epochs is none of it.
 */
public final class Pace implements Consumer<RunEvent> {
  private static final int LEAST_SLICES = 3;

  private final int globalBatch;
  private final double warmUp;
  private final double enough;
  private final List<Slice> slices = new ArrayList<>();
  private double warm;
  private double measured;

  /**
   * @param globalBatch images of a step
   * @param warmUp how long steps are not counted, and at least the first slice of them
   * @param enough how long they are then, and at least three slices of them
   */
  public Pace(int globalBatch, Duration warmUp, Duration enough) {
    this.globalBatch = globalBatch;
    this.warmUp = warmUp.toMillis() / 1e3;
    this.enough = enough.toMillis() / 1e3;
  }

  @Override
  public synchronized void accept(RunEvent event) {
    if (!(event instanceof RunEvent.Steps steps) || isDone()) {
      return;
    }
    double images = (double) steps.steps() * globalBatch;
    double seconds = images / steps.imagesPerSecond();
    if (warm == 0 || warm < warmUp) {
      warm += seconds;
    } else {
      slices.add(new Slice(images, seconds));
      measured += seconds;
    }
  }

  /** Whether no more steps are needed. */
  public synchronized boolean isDone() {
    return measured >= enough && slices.size() >= LEAST_SLICES;
  }

  /**
   * How fast they were.
   *
   * @throws IllegalArgumentException if none was counted
   */
  public synchronized Speed speed() {
    return Speed.of(slices);
  }
}
