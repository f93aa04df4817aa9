package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A product over arrays that lie densely in one order of memory, made to serve all arrays. */
@FunctionalInterface
interface DenseProduct {
  /**
   * Multiplies.
   *
   * @param channelsLast the order of both arrays
   * @param output the input itself, or shares no memory with it
   */
  void multiply(DropMask mask, boolean channelsLast, INDArray input, INDArray output);

  /** Any arrays that fit the mask; those that are not dense, or in two orders, are copied. */
  default void apply(DropMask mask, INDArray input, INDArray output) {
    Tensors.requireFitting(mask, input, output);
    MapOrder order = MapOrder.of(output);
    if (order == null) {
      INDArray copy = Nd4j.createUninitializedDetached(output.dataType(), 'c', output.shape());
      copy.assign(input);
      multiply(mask, false, copy, copy);
      output.assign(copy);
      copy.close();
      return;
    }
    boolean sameOrder = order.isOf(input);
    if (!sameOrder) {
      output.assign(input);
    }
    multiply(mask, order == MapOrder.CHANNELS_LAST, sameOrder ? input : output, output);
  }
}
