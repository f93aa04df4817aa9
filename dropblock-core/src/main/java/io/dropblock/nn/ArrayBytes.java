package io.dropblock.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    boolean vector = array.rank() < 2 || array.length() == Math.max(array.size(0), array.size(1));
    if (!(array.ordering() == 'c' || vector) || !Shape.hasDefaultStridesForShape(array)) {
      throw new IllegalArgumentException(
          "Cannot take the bytes of an array with gaps: " + array.shapeInfoToString());
    }
    MainMemory.use(array, memory -> forEachPart(memory, array, use));
  }

  private static void forEachPart(Pointer memory, INDArray array, Consumer<ByteBuffer> use) {
    long bytes = array.length() * array.dataType().width();
    for (long from = 0; from < bytes; from += PART) {
      BytePointer part = new BytePointer(memory);
      part.capacity(bytes).position(from).limit(Math.min(bytes, from + PART));
      // else it would begin where the array does
      use.accept(part.asByteBuffer().slice().order(ByteOrder.nativeOrder()));
    }
  }
}
