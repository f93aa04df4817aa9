package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Focal loss over dense float logits, with its gradient in the same pass. The result does not
 * depend on the number of threads.
 *
 * @param classes logits of an anchor
 * @param alpha weight of the class that an anchor has; {@code 1 - alpha} is that of the others
 * @param gamma how much less a logit counts that answers well
 */
public record FocalLoops(int classes, double alpha, double gamma) {
  private static final int MOST_HALVES = 4;

  /**
   * Whether the loops are there, gamma is a multiple of a half up to 2, and they take all these
   * arrays: dense floats.
   */
  public boolean take(INDArray... arrays) {
    double halves = 2 * gamma;
    return halves == Math.rint(halves)
        && halves >= 0
        && halves <= MOST_HALVES
        && DenseFloats.are(arrays);
  }

  /**
   * Computes the sum of the losses of all logits.
   *
   * @param logits {@code classes} of each anchor, anchor after anchor
   * @param labels class of each anchor, -1 for none
   * @throws IllegalArgumentException if the numbers of logits and labels do not fit, a label is no
   *     class, or {@link #take} does not accept the logits
   */
  public double sum(INDArray logits, int[] labels) {
    return sum(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), logits, labels);
  }

  double sum(int instructionSet, int threads, INDArray logits, int[] labels) {
    require(logits, labels, logits);
    double sum = focal(instructionSet, threads, 0, logits, labels, 0);
    Reference.reachabilityFence(logits);
    return sum;
  }

  /**
   * Computes the sum and its gradient.
   *
   * @param scale the gradient is multiplied by it
   * @param gradient gets it, in the shape of the logits; memory of its own
   * @throws IllegalArgumentException as {@link #sum} does, or if {@link #take} does not accept the
   *     gradient
   */
  public double gradient(INDArray logits, int[] labels, double scale, INDArray gradient) {
    return gradient(
        NativeLibrary.bestInstructionSet(),
        ComputeThreads.count(),
        logits,
        labels,
        scale,
        gradient);
  }

  double gradient(
      int instructionSet,
      int threads,
      INDArray logits,
      int[] labels,
      double scale,
      INDArray gradient) {
    require(logits, labels, gradient);
    double sum =
        focal(instructionSet, threads, DenseFloats.address(gradient), logits, labels, scale);
    Reference.reachabilityFence(logits);
    Reference.reachabilityFence(gradient);
    return sum;
  }

  private double focal(
      int instructionSet, int threads, long gradient, INDArray logits, int[] labels, double scale) {
    return NativeLoops.focal(
        instructionSet,
        threads,
        gradient,
        DenseFloats.address(logits),
        labels,
        classes,
        (int) (2 * gamma),
        (float) alpha,
        (float) scale);
  }

  private void require(INDArray logits, int[] labels, INDArray gradient) {
    DenseFloats.require(logits.shape(), logits, gradient);
    if (!take(logits)
        || logits.length() != (long) labels.length * classes
        || !Arrays.stream(labels).allMatch(label -> label >= -1 && label < classes)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot compute %s of %d logits by %d labels: a label from -1 up for all of an"
                  + " anchor's classes, and a gamma of 0, 0.5, 1, 1.5 or 2 are needed",
              this,
              logits.length(),
              labels.length));
    }
  }
}
