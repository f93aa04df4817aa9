package io.dropblock.spark.train.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Completes what is told of an epoch whose steps were all done when the run was stopped, and which
 * is only measured now: its loss and the rest are those of the steps that were told of then.
 */
public final class MeasuredLater implements Consumer<RunEvent> {
  private final Map<Integer, RunEvent.Steps> before = new HashMap<>();
  private final Consumer<RunEvent> next;

  /**
   * @param told of the run before
   */
  public MeasuredLater(List<RunEvent> told, Consumer<RunEvent> next) {
    for (RunEvent event : told) {
      if (event instanceof RunEvent.Steps steps) {
        before.merge(steps.epoch(), steps, RunEvent.Steps::plus);
      }
    }
    this.next = next;
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Epoch epoch && Double.isNaN(epoch.loss())) {
      RunEvent.Steps steps = before.get(epoch.epoch());
      next.accept(steps == null ? epoch : complete(epoch, steps));
    } else {
      next.accept(event);
    }
  }

  private static RunEvent.Epoch complete(RunEvent.Epoch epoch, RunEvent.Steps steps) {
    return new RunEvent.Epoch(
        epoch.epoch(),
        steps.loss(),
        steps.imagesPerSecond(),
        epoch.seconds(),
        epoch.keepProbability(),
        steps.keptFraction(),
        epoch.learningRate(),
        epoch.scores(),
        epoch.best(),
        epoch.spent(),
        epoch.beside(),
        epoch.ranks(),
        epoch.sites());
  }
}
