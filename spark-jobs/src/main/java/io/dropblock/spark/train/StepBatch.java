package io.dropblock.spark.train;

import io.dropblock.spark.data.feed.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A rank's batch of one step, as DL4J takes it, that knows which step it is for. */
final class StepBatch extends MultiDataSet {
  private static final long serialVersionUID = 1L;

  private final long step;
  private final long firstSample;

  /**
   * @param batch pixels and labels
   * @param classes number of classes, the length of the one-hot labels
   */
  StepBatch(Batch batch, int classes) {
    super(features(batch), oneHot(batch.labels(), classes));
    step = batch.step();
    firstSample = batch.firstSample();
  }

  private static INDArray features(Batch batch) {
    return Nd4j.createFromArray(batch.pixels())
        .reshape('c', batch.labels().length, batch.channels(), batch.height(), batch.width());
  }

  private static INDArray oneHot(int[] labels, int classes) {
    float[] values = new float[labels.length * classes];
    for (int sample = 0; sample < labels.length; sample++) {
      values[sample * classes + labels[sample]] = 1;
    }
    return Nd4j.createFromArray(values).reshape('c', labels.length, classes);
  }

  /** The number of the step in the run. */
  long step() {
    return step;
  }

  /** The index of the first sample within the global batch. */
  long firstSample() {
    return firstSample;
  }
}
