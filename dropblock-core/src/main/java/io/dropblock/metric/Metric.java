package io.dropblock.metric;

import java.io.Serializable;

/**
 * What is counted while a network is measured, one part on each rank; parts are merged, and only
 * the whole has scores. Not thread-safe.
 *
 * @param <M> the metric itself
 */
public interface Metric<M extends Metric<M>> extends Serializable {

  /** Adds what another part counted; that one is not to be used any more. Returns this. */
  M merge(M other);

  /**
   * The scores of all that was added. The primary one is NaN if an output of the network was not
   * finite.
   *
   * @throws IllegalStateException if nothing was added
   */
  Scores scores();
}
