package io.dropblock.bench.op;

import static io.dropblock.bench.op.OpCase.FORWARD;
import static io.dropblock.bench.op.OpCase.FORWARD_IN_PLACE;
import static io.dropblock.bench.op.OpCase.SAMPLE;

import io.dropblock.bench.figure.TensorShape;

/** What the op is meant to reach, for every shape and number of threads. */
public enum OpTarget {
  /** Forward in place, in copies. */
  IN_PLACE("forward in place / copy", 1.5, true) {
    @Override
    double value(OpResults results, TensorShape shape, int threads) {
      return results.timesCopy(FORWARD_IN_PLACE, shape, threads);
    }
  },
  /** Forward out of place, in copies. */
  OUT_OF_PLACE("forward out of place / copy", 2, true) {
    @Override
    double value(OpResults results, TensorShape shape, int threads) {
      return results.timesCopy(FORWARD, shape, threads);
    }
  },
  /** The naive composition against the same work of ours: both write to other memory. */
  NAIVE("naive / forward out of place", 10, false) {
    @Override
    double value(OpResults results, TensorShape shape, int threads) {
      return results.timesFasterThanNaive(FORWARD, shape, threads);
    }
  },
  /** The share of the mask in the shortest forward pass. */
  SAMPLING("sample / forward in place", 1 / 3.0, true) {
    @Override
    double value(OpResults results, TensorShape shape, int threads) {
      return results.median(SAMPLE, shape, threads)
          / results.median(FORWARD_IN_PLACE, shape, threads);
    }
  };

  private final String label;
  private final double limit;
  private final boolean atMost;

  OpTarget(String label, double limit, boolean atMost) {
    this.label = label;
    this.limit = limit;
    this.atMost = atMost;
  }

  /** The ratio that counts; not a number if it was not measured. */
  abstract double value(OpResults results, TensorShape shape, int threads);

  /** Whether a ratio is as good as it is meant to be. */
  boolean reachedBy(double value) {
    return atMost ? value <= limit : value >= limit;
  }

  /** The ratio, in words. */
  String label() {
    return label;
  }

  double limit() {
    return limit;
  }

  /** Whether smaller is better. */
  boolean atMost() {
    return atMost;
  }
}
