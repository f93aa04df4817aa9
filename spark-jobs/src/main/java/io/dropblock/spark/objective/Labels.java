package io.dropblock.spark.objective;

import io.dropblock.spark.data.feed.Targets;
import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The labels that a network's output layers take, from what is known of the images of a batch.
 * Plain data, which the driver sends to the tasks.
 */
@FunctionalInterface
public interface Labels extends Serializable {

  /**
   * What the network is to learn from a batch: one array an output of the network, in their order,
   * each with a row an image. They may lie over the feed's memory ({@link Targets#encoded}), and
   * are not read any more when the batch is done.
   *
   * @throws ClassCastException if the targets are of another kind of annotations
   */
  INDArray[] labels(Targets targets);
}
