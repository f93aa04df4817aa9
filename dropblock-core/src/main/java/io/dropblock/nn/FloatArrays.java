package io.dropblock.nn;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Floats of the heap as arrays: one copy, where ND4J's {@code createFromArray} makes two. */
public final class FloatArrays {
  private FloatArrays() {}

  /**
   * A new array.
   *
   * @param values its elements in c order
   * @throws IllegalArgumentException if there are not as many as the shape has
   */
  public static INDArray of(float[] values, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    fill(array, values);
    return array;
  }

  /**
   * Writes over an array of the same shape if there is one; for batches of which each is done with
   * before the next one is asked for.
   *
   * @param used what this gave before, or null
   */
  public static INDArray of(INDArray used, float[] values, long... shape) {
    if (used == null || !Arrays.equals(used.shape(), shape)) {
      return of(values, shape);
    }
    fill(used, values);
    return used;
  }

  private static void fill(INDArray array, float[] values) {
    if (array.length() != values.length) {
      throw new IllegalArgumentException(
          "Cannot make an array of %d floats: there are %d"
              .formatted(array.length(), values.length));
    }
    MainMemory.use(array, memory -> new FloatPointer(memory).put(values, 0, values.length));
  }
}
