package io.dropblock.spark.bench.averaging;

/**
 * A figure and what it is to be.
 *
 * @param what is measured
 * @param value of this run
 * @param upper whether the limit is an upper one
 * @param limit the value that just reaches it
 */
record AveragingTarget(String what, double value, boolean upper, double limit) {

  static AveragingTarget atMost(String what, double value, double limit) {
    return new AveragingTarget(what, value, true, limit);
  }

  static AveragingTarget atLeast(String what, double value, double limit) {
    return new AveragingTarget(what, value, false, limit);
  }

  boolean reached() {
    return upper ? value <= limit : value >= limit;
  }
}
