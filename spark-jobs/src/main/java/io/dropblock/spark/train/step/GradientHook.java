package io.dropblock.spark.train.step;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * Looks at the gradient of an epoch's last step on rank 0: the mean of the global batch where
 * gradients are averaged, else of the rank's own, without weight decay and before it is clipped.
 */
final class GradientHook extends RankHook {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;
  private final WatchedLayers layers;
  private final LastGradients gradients;
  private transient List<TrainingListener> listeners;

  /**
   * @param gradients filled with what it sees
   */
  GradientHook(Broadcast<EpochPlan> plan, WatchedLayers layers, LastGradients gradients) {
    this.plan = plan;
    this.layers = layers;
    this.gradients = gradients;
  }

  @Override
  void before(StepBatch batch, ComputationGraph network) {
    if (TaskContext.getPartitionId() == 0 && batch.step() == plan.value().lastStep()) {
      listeners = List.copyOf(network.getListeners());
      List<TrainingListener> all = new ArrayList<>(listeners);
      // behind those that add up and average the gradient
      all.add(
          new BaseTrainingListener() {
            @Override
            public void onGradientCalculation(Model model) {
              gradients.add(layers.gradients(network));
            }
          });
      network.setListeners(all);
    }
  }

  @Override
  void after(StepBatch batch, ComputationGraph network) {
    if (listeners != null) {
      network.setListeners(listeners);
      listeners = null;
    }
  }
}
