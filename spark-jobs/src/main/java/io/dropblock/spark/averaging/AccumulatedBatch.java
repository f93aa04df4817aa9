package io.dropblock.spark.averaging;

import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A rank's images of one step that are computed as several micro-batches, with one update. */
public interface AccumulatedBatch {

  /** All of them, once, the first being this batch itself. */
  Iterable<MultiDataSet> microBatches();
}
