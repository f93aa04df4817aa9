package io.dropblock.spark.tensorboard;

import io.dropblock.metric.Histogram;
import org.tensorflow.framework.HistogramProto;

/** A histogram as TensorBoard reads it. */
final class HistogramMessage {
  private HistogramMessage() {}

  /** The message; empty buckets but those beside full ones are left out. */
  static HistogramProto of(Histogram histogram) {
    HistogramProto.Builder proto = HistogramProto.newBuilder();
    if (histogram.number() == 0) {
      return proto.addBucketLimit(Double.MAX_VALUE).addBucket(0).build();
    }
    proto
        .setMin(histogram.least())
        .setMax(histogram.most())
        .setNum(histogram.number())
        .setSum(histogram.sum())
        .setSumSquares(histogram.squares());
    for (int i = 0; i < Histogram.buckets(); i++) {
      boolean besideOne = i + 1 < Histogram.buckets() && histogram.count(i + 1) > 0;
      if (histogram.count(i) > 0 || besideOne) {
        proto.addBucketLimit(Histogram.limit(i)).addBucket(histogram.count(i));
      }
    }
    return proto.build();
  }
}
