package io.dropblock.loss;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Cross entropy of softmax, with label smoothing (Szegedy et al. 2015, section 7): the target of an
 * image of class y is {@code 1 - smoothing} at y, plus {@code smoothing / classes} at every class.
 * Labels are class numbers {@code [N, 1]}, of any type, outputs {@code [N, classes]}.
 *
 * <p>Of two images mixed into one, labels are {@code [N, 3]}: two class numbers and the weight w of
 * the first, 0 to 1. The target is {@code (1 - smoothing) w} at the first, {@code (1 - smoothing)
 * (1 - w)} at the second, their sum where both are the same class, plus {@code smoothing / classes}
 * at every class: PyTorch's {@code cross_entropy} of soft targets with {@code label_smoothing}.
 * Over three classes, one-hot labels have that shape, too; they are refused where all rows are
 * such.
 *
 * <p>The loss is taken from the logits (log-sum-exp), so that it is finite and exact where a
 * probability is too small for a float. DL4J's {@code LossMCXENT} cuts probabilities off at 1e-10.
 * The gradient at the logits, {@code softmax - target}, is the same to the last bit without
 * smoothing.
 */
public final class SmoothedCrossEntropy implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final double smoothing;

  /**
   * @param smoothing share of the target that all classes have alike, 0 to below 1; 0 for none
   * @throws IllegalArgumentException if it is out of range
   */
  public SmoothedCrossEntropy(@JsonProperty("smoothing") double smoothing) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "Invalid label smoothing: " + smoothing + " is not in [0, 1)");
    }
    this.smoothing = smoothing;
  }

  /** The share of the target that all classes have alike. */
  public double getSmoothing() {
    return smoothing;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    double sum = computeScoreArray(labels, logits, activation, mask).sumNumber().doubleValue();
    return average ? sum / logits.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    require(logits, activation, mask);
    INDArray target = new ClassDistribution(smoothing).of(labels, logits);
    return logarithms(logits).muli(target).sum(true, 1).negi();
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    require(logits, activation, mask);
    INDArray target = new ClassDistribution(smoothing).of(labels, logits);
    return activation.getActivation(logits.dup(), true).subi(target);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, activation, mask, average),
        computeGradient(labels, logits, activation, mask));
  }

  /** Of the probabilities. ND4J's {@code log_softmax} takes the logarithm of a zero. */
  private static INDArray logarithms(INDArray logits) {
    INDArray shifted = logits.subColumnVector(logits.max(true, 1));
    return shifted.subiColumnVector(Transforms.log(Transforms.exp(shifted).sum(true, 1), false));
  }

  private static void require(INDArray logits, IActivation activation, INDArray mask) {
    if (!(activation instanceof ActivationSoftmax) || logits.rank() != 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot take the cross entropy of %s with shape %s: it is for softmax over [N,"
                  + " classes]",
              activation,
              Arrays.toString(logits.shape())));
    }
    if (mask != null) {
      throw new IllegalArgumentException("Cannot mask labels: each image has one class");
    }
  }

  @Override
  public String name() {
    return toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SmoothedCrossEntropy loss && loss.smoothing == smoothing;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(smoothing);
  }

  @Override
  public String toString() {
    return "SmoothedCrossEntropy(" + smoothing + ")";
  }
}
