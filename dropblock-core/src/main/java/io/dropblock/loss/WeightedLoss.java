package io.dropblock.loss;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Another loss, multiplied by a weight: that of an auxiliary output beside the main one. */
public final class WeightedLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final ILossFunction loss;
  @JsonProperty private final double weight;

  /**
   * @param weight above 0, finite
   * @throws IllegalArgumentException if it is not
   */
  public WeightedLoss(
      @JsonProperty("loss") ILossFunction loss, @JsonProperty("weight") double weight) {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid weight of a loss: " + weight + " is not a finite number above 0");
    }
    this.loss = loss;
    this.weight = weight;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return weight * loss.computeScore(labels, logits, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return loss.computeScoreArray(labels, logits, activation, mask).muli(weight);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return loss.computeGradient(labels, logits, activation, mask).muli(weight);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    Pair<Double, INDArray> both =
        loss.computeGradientAndScore(labels, logits, activation, mask, average);
    return new Pair<>(weight * both.getFirst(), both.getSecond().muli(weight));
  }

  @Override
  public String name() {
    return toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightedLoss that && weight == that.weight && loss.equals(that.loss);
  }

  @Override
  public int hashCode() {
    return 31 * loss.hashCode() + Double.hashCode(weight);
  }

  @Override
  public String toString() {
    return weight + " " + loss;
  }
}
