package io.dropblock.op;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a kernel asks of the arrays it is given. */
final class Tensors {
  private Tensors() {}

  /**
   * @throws IllegalArgumentException if the arrays are not of the mask's shape, or not of one
   *     floating point type
   */
  static void requireFitting(DropMask mask, INDArray input, INDArray output) {
    requireShape(mask, input);
    requireShape(mask, output);
    if (!input.dataType().isFPType() || input.dataType() != output.dataType()) {
      throw new IllegalArgumentException(
          "Cannot apply a mask to an input of type %s and an output of type %s"
              .formatted(input.dataType(), output.dataType()));
    }
  }

  private static void requireShape(DropMask mask, INDArray array) {
    BlockGeometry geometry = mask.geometry();
    long[] shape = {mask.samples(), mask.channels(), geometry.height(), geometry.width()};
    if (!Arrays.equals(shape, array.shape())) {
      throw new IllegalArgumentException(
          "Cannot apply a mask of shape %s to an array of shape %s"
              .formatted(Arrays.toString(shape), Arrays.toString(array.shape())));
    }
  }
}
