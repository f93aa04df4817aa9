package io.dropblock.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * The memory of an array as bytes, without a copy: for what moves networks in bulk. ND4J's own
 * serialisation goes element by element.
 */
public final class ArrayBytes {
  /** Of one part: a buffer counts in ints. A multiple of every element's size. */
  private static final long PART = 1 << 30;

  private ArrayBytes() {}

  /**
   * Shows the array part by part, in order.
   *
   * @param array its elements in the order of their dimensions without gaps. Where ND4J keeps it on
   *     a GPU, it is copied to main memory before, and back when an op needs it
   * @param use gets a direct buffer in native byte order, over memory that is the array's: what is
   *     written there is in the array. Valid during the call
   * @throws IllegalArgumentException if the array has gaps or another order
   */
  public static void forEachPart(INDArray array, Consumer<ByteBuffer> use) {
    forEachPart(List.of(array), parts -> use.accept(parts.get(0)));
  }

  /**
   * Shows several arrays side by side, the same part of each at a time.
   *
   * @param arrays of one type and length, each as {@link #forEachPart(INDArray, Consumer)} takes it
   * @param use gets a buffer of each array, in their order
   * @throws IllegalArgumentException if an array has gaps or another order, type or length
   */
  public static void forEachPart(List<INDArray> arrays, Consumer<List<ByteBuffer>> use) {
    INDArray first = arrays.get(0);
    for (INDArray array : arrays) {
      requireWithoutGaps(array);
      if (array.length() != first.length() || array.dataType() != first.dataType()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot take the bytes of two arrays together: %d elements of %s and %d of %s",
                first.length(),
                first.dataType(),
                array.length(),
                array.dataType()));
      }
    }
    gather(arrays, new ArrayList<>(), use);
  }

  private static void requireWithoutGaps(INDArray array) {
    boolean vector = array.rank() < 2 || array.length() == Math.max(array.size(0), array.size(1));
    if (!(array.ordering() == 'c' || vector) || !Shape.hasDefaultStridesForShape(array)) {
      throw new IllegalArgumentException(
          "Cannot take the bytes of an array with gaps: " + array.shapeInfoToString());
    }
  }

  /** An array's address is valid within a call only: so each one's is asked for within the last. */
  private static void gather(
      List<INDArray> arrays, List<Pointer> memory, Consumer<List<ByteBuffer>> use) {
    if (memory.size() < arrays.size()) {
      MainMemory.use(
          arrays.get(memory.size()),
          address -> {
            memory.add(address);
            gather(arrays, memory, use);
          });
      return;
    }
    long bytes = arrays.get(0).length() * arrays.get(0).dataType().width();
    for (long from = 0; from < bytes; from += PART) {
      long begin = from;
      use.accept(memory.stream().map(address -> part(address, begin, bytes)).toList());
    }
  }

  private static ByteBuffer part(Pointer memory, long from, long bytes) {
    BytePointer part = new BytePointer(memory);
    part.capacity(bytes).position(from).limit(Math.min(bytes, from + PART));
    // else it would begin where the array does
    return part.asByteBuffer().slice().order(ByteOrder.nativeOrder());
  }
}
