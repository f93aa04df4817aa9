package io.dropblock.spark.train.step;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.optimizer.OnePassUpdater;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Brings the epoch plan to a rank's graph before each step: counters, learning rate, keep
 * probability and the key of the masks.
 */
final class PlanHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;

  private transient ComputationGraph network;
  private transient OnePassUpdater updater;
  private transient DropBlockSites sites;

  PlanHook(Broadcast<EpochPlan> plan) {
    this.plan = plan;
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    StepBatch batch = (StepBatch) minibatch;
    attach((ComputationGraph) model);
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

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("Cannot plan a step of a network that is no graph");
  }

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
