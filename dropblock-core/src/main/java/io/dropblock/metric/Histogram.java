package io.dropblock.metric;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How many numbers lie where, in buckets that grow by a tenth from 1e-12 on, for both signs, as
 * TensorFlow's are ({@code tensorflow/tensorflow: core/lib/histogram/histogram.cc}). A bucket holds
 * what is below its limit, from the limit before on.
 */
public final class Histogram implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double[] LIMITS = limits();

  private final long[] counts = new long[LIMITS.length];
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private double sum;
  private double squares;
  private long number;

  private static double[] limits() {
    double[] positive = new double[1000];
    int count = 0;
    for (double limit = 1e-12; limit < 1e20; limit *= 1.1) {
      positive[count++] = limit;
    }
    positive[count++] = Double.MAX_VALUE;
    double[] limits = new double[2 * count + 1];
    for (int i = 0; i < count; i++) {
      limits[count - 1 - i] = -positive[i];
      limits[count + 1 + i] = positive[i];
    }
    return limits;
  }

  /** Number of buckets. */
  public static int buckets() {
    return LIMITS.length;
  }

  /** What a bucket's numbers are below. */
  public static double limit(int bucket) {
    return LIMITS[bucket];
  }

  /** Counts a number; one that is not finite is left out. */
  public void add(double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    int at = Arrays.binarySearch(LIMITS, value);
    counts[Math.min(at < 0 ? -at - 1 : at + 1, LIMITS.length - 1)]++;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    squares += value * value;
    number++;
  }

  /** Numbers of a bucket. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** How many numbers were counted. */
  public long number() {
    return number;
  }

  /** The least of them; infinite without one. */
  public double least() {
    return least;
  }

  /** The greatest of them; infinite without one. */
  public double most() {
    return most;
  }

  /** Their sum. */
  public double sum() {
    return sum;
  }

  /** The sum of their squares. */
  public double squares() {
    return squares;
  }
}
