package io.dropblock.spark.train.step;

import io.dropblock.nn.NotFinite;
import io.dropblock.spark.train.failure.NotFiniteException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Ends a rank behind a step that left a number that is not finite: in the loss, the parameters, the
 * moving statistics, the updater's state or the moving average of the weights.
 */
final class FiniteHook extends RankHook {
  private static final long serialVersionUID = 1L;

  @Override
  void after(StepBatch batch, ComputationGraph model) {
    Optional<String> found =
        Double.isFinite(model.score()) ? NotFinite.in(model) : Optional.of("the loss");
    if (found.isPresent()) {
      throw NotFiniteException.after(found.get(), batch.step() + 1, TaskContext.getPartitionId());
    }
  }
}
