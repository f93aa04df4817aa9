package io.dropblock.optimizer.settings;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weight decay past the optimiser, for DL4J: a step takes {@code learning rate * rate * w} besides.
 * It is no part of the loss, so that it adds nothing to a score, which DL4J's {@code WeightDecay}
 * does.
 *
 * @param rate above 0
 */
public record DecoupledDecay(@JsonProperty("rate") double rate) implements Regularization {

  @Override
  public ApplyStep applyStep() {
    return ApplyStep.POST_UPDATER;
  }

  @Override
  public void apply(
      INDArray parameters, INDArray step, double learningRate, int iteration, int epoch) {
    step.addi(parameters.mul(learningRate * rate));
  }

  @Override
  public double score(INDArray parameters, int iteration, int epoch) {
    return 0;
  }

  @Override
  public DecoupledDecay clone() {
    return this;
  }
}
