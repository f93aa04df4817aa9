package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.nn.FoldedNetwork;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Class probabilities, as evaluation asks for them: our network is folded, DL4J's own layers are
 * not.
 */
final class InferenceWorkload implements Workload {
  private static final double ROUNDING = 1e-3;

  private final ComputationGraph network;
  private final SyntheticBatches batches;

  InferenceWorkload(WorkloadSettings settings) {
    StepModel model = StepModel.parse(settings.model());
    boolean stock = !settings.helpers();
    ComputationGraph trained =
        model.network(
            settings.images().height(), settings.images().width(), settings.dropBlock(), stock);
    network = stock ? trained : FoldedNetwork.of(trained);
    batches = new SyntheticBatches(settings.images(), model.classes(), StepModel.SEED);
  }

  @Override
  public void step() {
    INDArray images = batches.nextImages();
    INDArray probabilities = network.outputSingle(images);
    double sum = probabilities.sumNumber().doubleValue() / probabilities.size(0);
    if (!(Math.abs(sum - 1) < ROUNDING)) {
      throw new MeasurementException("an image's probabilities sum to " + sum);
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
