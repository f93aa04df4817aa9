package io.dropblock.cpu;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the native loops work on: floats that lie in memory in the order of their dimensions. */
final class DenseFloats {
  private DenseFloats() {}

  /** Whether the loops are there and take all these arrays. */
  static boolean are(INDArray... arrays) {
    if (NativeLibrary.problem() != null) {
      return false;
    }
    for (INDArray array : arrays) {
      if (array.dataType() != DataType.FLOAT || !isDense(array)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDense(INDArray array) {
    long stride = 1;
    for (int dimension = array.rank() - 1; dimension >= 0; dimension--) {
      if (array.size(dimension) > 1 && array.stride(dimension) != stride) {
        return false;
      }
      stride *= array.size(dimension);
    }
    return true;
  }

  /**
   * @throws IllegalArgumentException if an array has another shape or memory order
   */
  static void require(long[] shape, INDArray... arrays) {
    for (INDArray array : arrays) {
      if (!are(array) || !Arrays.equals(array.shape(), shape)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot work on %s of shape %s and strides %s: dense floats of shape %s are needed",
                array.dataType(),
                Arrays.toString(array.shape()),
                Arrays.toString(array.stride()),
                Arrays.toString(shape)));
      }
    }
  }

  /** Where the first element is; valid as long as the array is reachable. */
  static long address(INDArray array) {
    return array.data().addressPointer().address();
  }
}
