package io.dropblock.spark.allreduce;

import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A rank's images of one step that are computed as several micro-batches of the same size, with one
 * update. Ranks may have different numbers of them.
 */
public interface AccumulatedBatch {

  /**
   * All of them, once, the first being this batch itself. The images of one are not to be read any
   * more when the next one is asked for.
   */
  Iterable<MultiDataSet> microBatches();

  /** Index of the first of its images within the step on all ranks, from 0. */
  long firstSample();

  /** Images of all its micro-batches. */
  long samples();

  /** Images of the step on all ranks together, which all ranks must agree on. */
  long samplesOfStep();

  /**
   * Tells that the step has been trained and all hooks were told, so that nobody reads its images
   * any more. Without it their memory is not used again.
   */
  void done();
}
