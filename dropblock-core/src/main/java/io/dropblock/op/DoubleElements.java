package io.dropblock.op;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dscal;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Elements of type double. */
final class DoubleElements implements Elements {
  private final DoublePointer pointer;
  private final DoubleIndexer indexer;

  /** The same memory for memcpy, which takes any pointer's position for bytes. */
  private final BytePointer bytes;

  DoubleElements(INDArray array) {
    // the address pointer knows where in its buffer a view begins
    pointer = new DoublePointer(array.data().addressPointer());
    pointer.capacity(array.length());
    bytes = new BytePointer(pointer);
    indexer = DoubleIndexer.create(pointer);
  }

  @Override
  public void copy(Elements source, long first, int count) {
    BytePointer from = ((DoubleElements) source).bytes.position(first * Double.BYTES);
    Pointer.memcpy(bytes.position(first * Double.BYTES), from, (long) count * Double.BYTES);
  }

  @Override
  public void drop(long index) {
    indexer.put(index, indexer.get(index) * 0);
  }

  @Override
  public void scale(long first, int count, double factor) {
    cblas_dscal(count, factor, pointer.position(first), 1);
  }
}
