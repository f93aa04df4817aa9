package io.dropblock.spark.tensorboard;

import java.util.Arrays;
import org.tensorflow.framework.HistogramProto;

/**
 * How many values lie where, in buckets that grow by a tenth from 1e-12 on, for both signs, as
 * TensorFlow's are ({@code tensorflow/core/lib/histogram/histogram.cc}).
 */
final class Buckets {
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

  /** Counts a value; one that is not finite is left out. */
  void add(double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    // a bucket holds what is below its limit, from the limit before on
    int at = Arrays.binarySearch(LIMITS, value);
    counts[Math.min(at < 0 ? -at - 1 : at + 1, LIMITS.length - 1)]++;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    squares += value * value;
    number++;
  }

  /** The message; empty buckets but those beside full ones are left out. */
  HistogramProto toProto() {
    HistogramProto.Builder proto = HistogramProto.newBuilder();
    if (number == 0) {
      return proto.addBucketLimit(Double.MAX_VALUE).addBucket(0).build();
    }
    proto.setMin(least).setMax(most).setNum(number).setSum(sum).setSumSquares(squares);
    for (int i = 0; i < counts.length; i++) {
      boolean besideOne = i + 1 < counts.length && counts[i + 1] > 0;
      if (counts[i] > 0 || besideOne) {
        proto.addBucketLimit(LIMITS[i]).addBucket(counts[i]);
      }
    }
    return proto.build();
  }
}
