package io.dropblock.op;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
          String.format(
              Locale.ROOT,
              "Cannot apply a mask to an input of type %s and an output of type %s",
              input.dataType(),
              output.dataType()));
    }
  }

  private static void requireShape(DropMask mask, INDArray array) {
    BlockGeometry geometry = mask.geometry();
    long[] shape = {mask.samples(), mask.channels(), geometry.height(), geometry.width()};
    if (!Arrays.equals(shape, array.shape())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot apply a mask of shape %s to an array of shape %s",
              Arrays.toString(shape),
              Arrays.toString(array.shape())));
    }
  }

  /** Where the first element is in memory; not {@code data().address()}, where its buffer is. */
  static long address(INDArray array) {
    return array.data().addressPointer().address();
  }

  /** What each sample is multiplied by, rounded to a type as ND4J rounds. */
  static double[] factors(DropMask mask, DataType type) {
    double[] factors = new double[mask.samples()];
    if (mask.settings().normalization() == Normalization.SAMPLE) {
      Arrays.setAll(factors, mask::scale);
    } else {
      Arrays.fill(factors, mask.scale(0));
    }
    return switch (type) {
      case DOUBLE -> factors;
      case FLOAT -> Arrays.stream(factors).map(factor -> (float) factor).toArray();
      default ->
          Nd4j.createFromArray(factors).castTo(type).castTo(DataType.DOUBLE).data().asDouble();
    };
  }
}
