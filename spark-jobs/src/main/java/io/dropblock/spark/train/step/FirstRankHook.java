package io.dropblock.spark.train.step;

import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Lets rank 0 of a ring do what is to be done behind a step. */
final class FirstRankHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final ArrayList<StepHook> hooks;

  FirstRankHook(List<StepHook> hooks) {
    this.hooks = new ArrayList<>(hooks);
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    if (TaskContext.getPartitionId() == 0 && !hooks.isEmpty()) {
      ComputationGraph network = (ComputationGraph) model;
      Optional<PhaseClock> clock = PhaseClock.in(network);
      clock.ifPresent(it -> it.end(Phase.UPDATE));
      long stepsDone = ((StepBatch) minibatch).step() + 1;
      hooks.forEach(hook -> hook.after(stepsDone, network));
      clock.ifPresent(it -> it.end(Phase.CHECKPOINT));
    }
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
