package io.dropblock.spark.train.step;

import io.dropblock.nn.NotFinite;
import io.dropblock.spark.train.failure.NotFiniteException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Ends a rank behind a step that left a number that is not finite: in the loss, the parameters, the
 * moving statistics, the updater's state or the moving average of the weights.
 */
final class FiniteHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    Optional<String> found =
        Double.isFinite(model.score())
            ? NotFinite.in((ComputationGraph) model)
            : Optional.of("the loss");
    if (found.isPresent()) {
      throw NotFiniteException.after(
          found.get(), ((StepBatch) minibatch).step() + 1, TaskContext.getPartitionId());
    }
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
