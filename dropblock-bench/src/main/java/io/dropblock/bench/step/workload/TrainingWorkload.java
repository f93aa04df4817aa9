package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.optimizer.OnePassUpdater;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Training as a rank does it, with a constant learning rate: 0.1 for 256 images, the recipes'. */
final class TrainingWorkload implements Workload {
  private static final double LEARNING_RATE_OF_256 = 0.1;

  private final ComputationGraph network;
  private final DropBlockSites sites;
  private final SyntheticBatches batches;
  private final PhaseClock clock = new PhaseClock();
  private long step;
  private double firstLoss = Double.NaN;

  TrainingWorkload(WorkloadSettings settings) {
    StepModel model = StepModel.parse(settings.model());
    network =
        model.network(
            settings.images().height(),
            settings.images().width(),
            settings.dropBlock(),
            !settings.helpers());
    network.setLearningRate(LEARNING_RATE_OF_256 * settings.images().samples() / 256);
    if (settings.helpers()) {
      OnePassUpdater.attach(network);
    }
    network.setListeners(clock);
    sites = DropBlockSites.of(network);
    batches = new SyntheticBatches(model, settings.images(), StepModel.SEED);
  }

  @Override
  public void step() {
    clock.start();
    MultiDataSet batch = batches.nextPair();
    sites.set(new DropBlockStep(StepModel.KEEP_PROBABILITY, StepModel.SEED, step, 0));
    clock.end(Phase.DATA);
    network.fit(batch);
    clock.end(Phase.UPDATE);
    double loss = network.score();
    if (!Double.isFinite(loss)) {
      throw new MeasurementException("the loss of step " + step + " is " + loss);
    }
    if (step == 0) {
      firstLoss = loss;
    }
    step++;
  }

  @Override
  public Map<Phase, Double> takePhases(int steps) {
    return clock.take().milliseconds(steps);
  }

  @Override
  public double firstLoss() {
    return firstLoss;
  }

  @Override
  public double lastLoss() {
    return network.score();
  }
}
