package io.dropblock.loss;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * From labels to the distribution that {@link SmoothedCrossEntropy} compares softmax with, made
 * where ND4J computes, so that only the class numbers travel.
 *
 * @param smoothing share of it that all classes have alike, 0 to below 1
 */
record ClassDistribution(double smoothing) {
  private static final int PAIR = 3;

  /**
   * The distributions of a micro-batch.
   *
   * @param labels {@code [N, 1]} or {@code [N, 3]}
   * @param logits {@code [N, classes]}
   * @return {@code [N, classes]} of the logits' type
   * @throws IllegalArgumentException if a label is none of the classes, or a weight no share
   */
  INDArray of(INDArray labels, INDArray logits) {
    long images = logits.size(0);
    if (labels.length() == images && labels.size(0) == images) {
      return ofClasses(labels.reshape(images), logits);
    }
    if (labels.rank() != 2 || labels.size(0) != images || labels.size(1) != PAIR) {
      throw misfit(labels, logits, "");
    }
    if (logits.size(1) == PAIR && areOneHot(labels)) {
      throw misfit(labels, logits, ", and these are one-hot");
    }
    return ofPairs(labels, logits);
  }

  private static IllegalArgumentException misfit(INDArray labels, INDArray logits, String reason) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "Cannot learn from labels of shape %s: outputs have shape %s, labels are one class"
                + " number an image, or two and the weight of the first%s",
            Arrays.toString(labels.shape()),
            Arrays.toString(logits.shape()),
            reason));
  }

  private INDArray ofClasses(INDArray numbers, INDArray logits) {
    double rest = smoothing / logits.size(1);
    return hot(numbers, logits, 1 - smoothing + rest, rest);
  }

  private INDArray ofPairs(INDArray labels, INDArray logits) {
    INDArray weights = column(labels, 2);
    for (double weight : weights.toDoubleVector()) {
      if (!(weight >= 0 && weight <= 1)) {
        throw new IllegalArgumentException(
            "Cannot learn mixed labels: weight " + weight + " of the first is not in 0 to 1");
      }
    }
    INDArray first = weights.castTo(logits.dataType()).reshape(logits.size(0), 1);
    INDArray target = hot(column(labels, 0), logits, 1 - smoothing, 0).muliColumnVector(first);
    INDArray other = hot(column(labels, 1), logits, 1 - smoothing, 0);
    target.addi(other.muliColumnVector(first.rsub(1)));
    return target.addi(smoothing / logits.size(1));
  }

  private static INDArray column(INDArray labels, int index) {
    return labels.get(NDArrayIndex.all(), NDArrayIndex.point(index)).dup();
  }

  /** Of three classes, where a row of a pair looks alike; weights of 0 and 1 alone tell nothing. */
  private static boolean areOneHot(INDArray labels) {
    for (double[] row : labels.toDoubleMatrix()) {
      double[] sorted = row.clone();
      Arrays.sort(sorted);
      if (!Arrays.equals(sorted, new double[] {0, 0, 1})) {
        return false;
      }
    }
    return true;
  }

  private static INDArray hot(INDArray numbers, INDArray logits, double on, double off) {
    long classes = logits.size(1);
    for (double label : numbers.toDoubleVector()) {
      if (!(label >= 0 && label < classes && label == Math.rint(label))) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot learn label %s: there are %d classes, counted from 0",
                label,
                classes));
      }
    }
    INDArray target = Nd4j.createUninitialized(logits.dataType(), logits.size(0), classes);
    Nd4j.exec(new OneHot(numbers.castTo(DataType.INT32), target, (int) classes, -1, on, off));
    return target;
  }
}
