package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.model.ClassificationHead;
import io.dropblock.nn.FoldedNetwork;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network gives, as evaluation asks for it: class probabilities of images, or logits of
 * pixels. Our network is folded, DL4J's own layers are not.
 */
final class InferenceWorkload implements Workload {
  private static final double ROUNDING = 1e-3;

  private final ComputationGraph network;
  private final SyntheticBatches batches;
  private final boolean probabilities;

  InferenceWorkload(WorkloadSettings settings) {
    StepModel model = StepModel.parse(settings.model());
    boolean stock = !settings.helpers();
    ComputationGraph trained =
        model.network(
            settings.images().height(), settings.images().width(), settings.dropBlock(), stock);
    network = stock ? trained : FoldedNetwork.of(trained);
    probabilities = model.architecture().head() instanceof ClassificationHead;
    batches = new SyntheticBatches(model, settings.images(), StepModel.SEED);
  }

  @Override
  public void step() {
    INDArray output = network.outputSingle(batches.nextImages());
    double sum = output.sumNumber().doubleValue() / output.size(0);
    if (probabilities && !(Math.abs(sum - 1) < ROUNDING)) {
      throw new MeasurementException("an image's probabilities sum to " + sum);
    }
    if (!Double.isFinite(sum)) {
      throw new MeasurementException("an image's logits sum to " + sum);
    }
  }

  @Override
  public Map<Phase, Double> takePhases(int steps) {
    return Map.of();
  }

  @Override
  public double firstLoss() {
    return Double.NaN;
  }

  @Override
  public double lastLoss() {
    return Double.NaN;
  }
}
