package io.dropblock.spark.train.step;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.optimizer.OnePassUpdater;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Brings the epoch plan to a rank's graph before each step: counters, learning rate, keep
 * probability and the key of the masks.
 */
final class PlanHook extends RankHook {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;

  private transient ComputationGraph network;
  private transient OnePassUpdater updater;
  private transient DropBlockSites sites;

  PlanHook(Broadcast<EpochPlan> plan) {
    this.plan = plan;
  }

  @Override
  void before(StepBatch batch, ComputationGraph model) {
    attach(model);
    EpochPlan epoch = plan.value();
    long step = batch.step();
    network.getConfiguration().setIterationCount(Math.toIntExact(step));
    network.getConfiguration().setEpochCount(epoch.epoch());
    updater.setLearningRate(epoch.learningRate(step));
    sites.set(
        new DropBlockStep(epoch.keepProbability(step), epoch.seed(), step, batch.firstSample()));
  }

  /** A task has one graph, from its first step to its last. */
  private void attach(ComputationGraph model) {
    if (network != model) {
      network = model;
      updater = OnePassUpdater.attach(model);
      sites = DropBlockSites.of(model);
    }
  }
}
