package io.dropblock.metric;

import io.dropblock.metric.Scores.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Share of examples whose true class is among the k best scored, and their mean cross entropy.
 *
 * <p>The rank of the true class is the number of classes with a strictly greater score; the example
 * counts at k if its rank is below k. Ties are therefore in favour of the network, and k of at
 * least the number of classes is always right. An example with a NaN among its scores is wrong at
 * every k.
 */
public final class TopKAccuracy implements Metric<TopKAccuracy> {
  private static final long serialVersionUID = 1L;

  /** Lower bound of a probability inside the logarithm, that of DL4J's {@code LossMCXENT}. */
  private static final double SMALLEST_PROBABILITY = 1e-10;

  private final int[] ks;
  private final long[] correct;
  private long examples;
  private double crossEntropy;

  /**
   * Starts with no examples.
   *
   * @param ks one or more different numbers of at least 1, in any order; the paper reports 1 and 5
   */
  public TopKAccuracy(int... ks) {
    this.ks = Arrays.stream(ks).sorted().distinct().toArray();
    if (ks.length == 0 || this.ks.length < ks.length || this.ks[0] < 1) {
      throw new IllegalArgumentException(
          "Invalid k: " + Arrays.toString(ks) + " are not different numbers of at least 1");
    }
    correct = new long[ks.length];
  }

  /**
   * Adds one example.
   *
   * @param scores of the classes; any numbers for the accuracy, but probabilities for the cross
   *     entropy
   * @param label index of the true class, in [0, scores.length)
   * @return this
   */
  public TopKAccuracy add(float[] scores, int label) {
    if (label < 0 || label >= scores.length) {
      throw new IllegalArgumentException(
          "Cannot score label " + label + ": there are " + scores.length + " classes");
    }
    int rank = rank(scores, label);
    for (int i = 0; i < ks.length; i++) {
      if (rank < ks[i]) {
        correct[i]++;
      }
    }
    examples++;
    crossEntropy -= Math.log(Math.max(scores[label], SMALLEST_PROBABILITY));
    return this;
  }

  /**
   * Adds a batch.
   *
   * @param scores {@code [batch, classes]}
   * @param labels the true classes, {@code batch} of them
   * @return this
   */
  public TopKAccuracy add(INDArray scores, int[] labels) {
    if (scores.rank() != 2 || scores.size(0) != labels.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot score %d labels: scores have shape %s",
              labels.length,
              Arrays.toString(scores.shape())));
    }
    float[][] rows = scores.toFloatMatrix();
    for (int i = 0; i < rows.length; i++) {
      add(rows[i], labels[i]);
    }
    return this;
  }

  /**
   * @throws IllegalArgumentException if {@code other} counts at other k
   */
  @Override
  public TopKAccuracy merge(TopKAccuracy other) {
    if (!Arrays.equals(ks, other.ks)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot merge accuracies: top-%s and top-%s",
              Arrays.toString(ks),
              Arrays.toString(other.ks)));
    }
    for (int i = 0; i < ks.length; i++) {
      correct[i] += other.correct[i];
    }
    examples += other.examples;
    crossEntropy += other.crossEntropy;
    return this;
  }

  /**
   * Main: {@code top-k} for each k, the smallest first. Details: {@code cross entropy}, the mean of
   * {@code -ln p(true class)} with p of at least 1e-10. All are NaN if one p was. More may follow.
   */
  @Override
  public Scores scores() {
    if (examples == 0) {
      throw new IllegalStateException("Cannot compute accuracy: no example was added");
    }
    List<Score> shares = new ArrayList<>();
    for (int i = 0; i < ks.length; i++) {
      double share = (double) correct[i] / examples;
      shares.add(new Score("top-" + ks[i], Double.isNaN(crossEntropy) ? Double.NaN : share));
    }
    Score mean = new Score("cross entropy", crossEntropy / examples, Score.Unit.NUMBER);
    return new Scores(shares, List.of(mean), List.of());
  }

  /** The number of strictly greater scores, or the largest integer if one score is NaN. */
  private static int rank(float[] scores, int label) {
    int rank = 0;
    for (float score : scores) {
      if (Float.isNaN(score)) {
        return Integer.MAX_VALUE;
      }
      if (score > scores[label]) {
        rank++;
      }
    }
    return rank;
  }
}
