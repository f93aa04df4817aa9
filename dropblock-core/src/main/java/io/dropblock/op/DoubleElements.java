package io.dropblock.op;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dscal;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Elements of type double. */
final class DoubleElements implements Elements {
  private final DoublePointer pointer;
  private final DoubleIndexer indexer;

  DoubleElements(INDArray array) {
    // the address pointer knows where in its buffer a view begins
    pointer = new DoublePointer(array.data().addressPointer());
    pointer.capacity(array.length());
    indexer = DoubleIndexer.create(pointer);
  }

  @Override
  public void copy(Elements source, long first, int count) {
    DoublePointer from = ((DoubleElements) source).pointer;
    Pointer.memcpy(pointer.position(first), from.position(first), (long) count * Double.BYTES);
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
