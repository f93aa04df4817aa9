package io.dropblock.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step that networks share out: each trains some of its micro-batches, which follow each other,
 * and all of them make the update of the whole step.
 */
public interface SharedStep {
  /** Samples of the step, those of all networks together. */
  long samples();

  /**
   * Whether the step's first micro-batch is this network's, so that its gradients may be added up
   * as they come.
   */
  boolean begins();

  /**
   * Adds up the gradients of all networks.
   *
   * @param own of this network's micro-batches in their order, each a sum over its samples; only
   *     one, their sum, where the step {@link #begins} with them. The last one is to hold the sum
   *     over the whole step in the end; the others are not read again
   */
  void sum(List<INDArray> own);
}
