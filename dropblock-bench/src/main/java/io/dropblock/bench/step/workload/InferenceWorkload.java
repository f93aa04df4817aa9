package io.dropblock.bench.step.workload;

import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network gives, as evaluation asks for it: class probabilities of images, logits of pixels,
 * or objects. Our network is folded, DL4J's own layers are not.
 */
final class InferenceWorkload implements Workload {
  private final ComputationGraph network;
  private final SyntheticBatches batches;
  private final OutputReader reader;
  private final PhaseClock clock = new PhaseClock();

  InferenceWorkload(WorkloadSettings settings) {
    StepModel model = StepModel.parse(settings.model());
    boolean stock = !settings.helpers();
    ComputationGraph trained =
        model.network(
            settings.images().height(), settings.images().width(), settings.dropBlock(), stock);
    network = stock ? trained : FoldedNetwork.of(trained);
    reader = OutputReader.of(model, settings.images());
    batches = new SyntheticBatches(model, settings.images(), StepModel.SEED);
  }

  @Override
  public void step() {
    clock.start();
    INDArray images = batches.nextImages();
    clock.end(Phase.DATA);
    INDArray[] outputs = network.output(images);
    clock.end(Phase.FORWARD);
    reader.read(outputs);
    clock.end(Phase.POSTPROCESSING);
  }

  @Override
  public Map<Phase, Double> takePhases(int steps) {
    return clock.take().milliseconds(steps);
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
