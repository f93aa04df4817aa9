package io.dropblock.spark.train;

import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.EpochPlan;
import io.dropblock.spark.train.step.EpochRunner;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * What follows the steps of an epoch: its hooks, one after the other, and the event that tells of
 * it. A checkpoint is therefore never without the scores and the best of its epoch.
 *
 * @param hooks in their order
 * @param events told of the epoch
 */
record EpochChain(List<EpochHook> hooks, Consumer<RunEvent> events) {

  /**
   * Goes through it.
   *
   * @param steps of the epoch
   * @param result what came of them
   * @param clock of the epoch
   * @return the best so far; null before the first evaluation
   */
  Best run(EpochEnd steps, EpochRunner.Result result, EpochClock clock) throws IOException {
    EpochEnd end = steps;
    for (EpochHook hook : hooks) {
      long called = System.nanoTime();
      end = hook.after(end, events);
      clock.add(hook.work(), EpochClock.secondsSince(called));
    }
    EpochPlan plan = end.plan();
    events.accept(
        new RunEvent.Epoch(
            plan.epoch(),
            result.loss(),
            result.imagesPerSecond(),
            clock.seconds(),
            plan.keepProbability(plan.lastStep()),
            result.keptFraction(),
            plan.learningRate(plan.lastStep()),
            end.scores(),
            end.best() == null ? null : end.best().value(),
            clock.spent(),
            clock.beside(),
            result.ranks(),
            result.sites()));
    return end.best();
  }
}
