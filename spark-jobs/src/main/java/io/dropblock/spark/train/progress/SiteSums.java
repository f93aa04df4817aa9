package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * What a site of DropBlock kept in some steps, summed up.
 *
 * @param expected sum of the shares that were to be expected
 * @param kept sum of the shares that were kept
 */
public record SiteSums(double expected, double kept) implements Serializable {

  SiteSums plus(SiteSums more) {
    return new SiteSums(expected + more.expected, kept + more.kept);
  }
}
