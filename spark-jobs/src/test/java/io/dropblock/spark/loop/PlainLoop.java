package io.dropblock.spark.loop;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What the ranks' steps are to come to, in one JVM without Spark and without an updater of DL4J's:
 * the mean of the micro-batches' gradients makes one update with Nesterov's momentum, {@code v' =
 * mu v - rate g; w += (1 + mu) v' - mu v} (Bengio, Boulanger-Lewandowski, Pascanu 2013).
 */
final class PlainLoop {
  private final ComputationGraph network;
  private final long seed;
  private final double rate;
  private final double momentum;
  private final INDArray parameters;
  private INDArray velocity;
  private int step;

  PlainLoop(ComputationGraph network, long seed, double rate, double momentum) {
    this.network = network;
    this.seed = seed;
    this.rate = rate;
    this.momentum = momentum;
    this.parameters = network.params().reshape(network.numParams());
    this.velocity = parameters.like();
  }

  /** Trains one step and returns its mean loss. */
  double step(List<DataSet> microBatches, double keepProbability) {
    INDArray gradient = parameters.like();
    double loss = 0;
    long first = 0;
    for (DataSet batch : microBatches) {
      DropBlockSites.of(network).set(new DropBlockStep(keepProbability, seed, step, first));
      network.setInputs(batch.getFeatures());
      network.setLabels(batch.getLabels());
      network.computeGradientAndScore();
      gradient.addi(network.getGradientsViewArray().reshape(network.numParams()));
      loss += network.score() * batch.numExamples();
      first += batch.numExamples();
      network.clearLayersStates();
    }
    gradient.divi(first);
    INDArray before = velocity;
    velocity = before.mul(momentum).subi(gradient.mul(rate));
    parameters.addi(velocity.mul(1 + momentum)).subi(before.mul(momentum));
    step++;
    return loss / first;
  }
}
