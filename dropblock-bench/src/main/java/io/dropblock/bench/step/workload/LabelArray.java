package io.dropblock.bench.step.workload;

import io.dropblock.nn.FloatArrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels of one output of a network, for a batch.
 *
 * @param values in c order; not copied
 * @param shape of the array that they are
 */
public record LabelArray(float[] values, long... shape) {
  /** A new array of them. */
  public INDArray array() {
    return FloatArrays.of(values, shape);
  }
}
