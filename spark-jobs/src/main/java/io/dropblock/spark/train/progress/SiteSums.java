package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * What a site of DropBlock kept in some micro-batches, summed up.
 *
 * @param expected sum of the shares that were to be expected
 * @param kept sum of the shares that were kept
 */
public record SiteSums(double expected, double kept) implements Serializable {

  /** Of as many micro-batches that kept as much. */
  SiteSums times(int batches) {
    return new SiteSums(batches * expected, batches * kept);
  }

  SiteSums plus(SiteSums more) {
    return new SiteSums(expected + more.expected, kept + more.kept);
  }
}
