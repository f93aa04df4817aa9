package io.dropblock.nn;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Floats as arrays: those of the heap by one copy, where ND4J's {@code createFromArray} makes two,
 * and those outside it by none.
 */
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
   * An array of the buffer's own memory, without a copy, where ND4J computes in main memory: both
   * see what is written to the other, and the array keeps the memory alive. Where it computes on a
   * GPU, a copy.
   *
   * @param memory outside the heap, in this machine's byte order; all of it, whatever its position,
   *     in c order
   * @throws IllegalArgumentException if it is not, or has not as many elements as the shape
   */
  public static INDArray over(FloatBuffer memory, long... shape) {
    if (!memory.isDirect() || memory.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "Cannot make an array over " + memory + ": it is on the heap, or in another byte order");
    }
    requireLength(Arrays.stream(shape).reduce(1, Math::multiplyExact), memory.capacity());
    FloatPointer elements = new FloatPointer(memory.duplicate().clear());
    return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU
        ? shared(elements, shape)
        : copied(elements, shape);
  }

  /**
   * Reads an array's floats, without a copy where they are dense in c order and ND4J computes in
   * main memory.
   *
   * @param work gets all elements in c order; only valid during the call, and not to be written to
   * @throws IllegalArgumentException if the array is not of floats
   */
  public static void read(INDArray array, Consumer<FloatBuffer> work) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "Cannot read floats of an array of type " + array.dataType());
    }
    boolean dense = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    MainMemory.use(
        dense ? array : array.dup('c'),
        memory ->
            work.accept(
                new FloatPointer(memory).capacity(array.length()).asBuffer().asReadOnlyBuffer()));
  }

  /** The data buffer holds the pointer, and the pointer the memory. */
  private static INDArray shared(FloatPointer elements, long... shape) {
    DataBuffer buffer = Nd4j.createBuffer(elements, elements.capacity(), DataType.FLOAT);
    return Nd4j.create(buffer, shape, Nd4j.getStrides(shape, 'c'), 0, 'c', DataType.FLOAT);
  }

  static INDArray copied(FloatPointer elements, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    MainMemory.use(
        array, memory -> Pointer.memcpy(memory, elements, Float.BYTES * elements.capacity()));
    return array;
  }

  private static void fill(INDArray array, float[] values) {
    requireLength(array.length(), values.length);
    MainMemory.use(array, memory -> new FloatPointer(memory).put(values, 0, values.length));
  }

  private static void requireLength(long elements, int there) {
    if (elements != there) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot make an array of %d floats: there are %d", elements, there));
    }
  }
}
