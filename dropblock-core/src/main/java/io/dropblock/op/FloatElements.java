package io.dropblock.op;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sscal;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Elements of type float. */
final class FloatElements implements Elements {
  private final FloatPointer pointer;
  private final FloatIndexer indexer;

  /** The same memory for memcpy, which takes any pointer's position for bytes. */
  private final BytePointer bytes;

  FloatElements(INDArray array) {
    // the address pointer knows where in its buffer a view begins
    pointer = new FloatPointer(array.data().addressPointer());
    pointer.capacity(array.length());
    bytes = new BytePointer(pointer);
    indexer = FloatIndexer.create(pointer);
  }

  @Override
  public void copy(Elements source, long first, int count) {
    BytePointer from = ((FloatElements) source).bytes.position(first * Float.BYTES);
    Pointer.memcpy(bytes.position(first * Float.BYTES), from, (long) count * Float.BYTES);
  }

  @Override
  public void drop(long index) {
    indexer.put(index, indexer.get(index) * 0);
  }

  @Override
  public void scale(long first, int count, double factor) {
    cblas_sscal(count, (float) factor, pointer.position(first), 1);
  }
}
