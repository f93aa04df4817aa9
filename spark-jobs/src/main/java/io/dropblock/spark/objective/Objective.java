package io.dropblock.spark.objective;

import io.dropblock.metric.Metric;
import io.dropblock.spark.data.feed.Targets;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network learns, and how it is measured. Plain data, which the driver sends to the tasks.
 *
 * @param <M> how it is measured
 */
public interface Objective<M extends Metric<M>> extends Labels {

  /** {@inheritDoc} Over the feed's memory where ND4J computes in main memory. */
  @Override
  INDArray[] labels(Targets targets);

  /** A metric to which nothing was added. */
  M metric();

  /**
   * Adds what the network says of a batch.
   *
   * @param outputs of the network in inference, in their order
   * @param targets of the batch
   * @return the same image by image, for whom it concerns
   */
  Answers add(M metric, INDArray[] outputs, Targets targets);
}
