package io.dropblock.op;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dcopy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dscal;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Elements of type double. OpenBLAS, ND4J's own, copies and scales pieces far below the size at
 * which it starts threads.
 */
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
    // not memcpy: at this size it takes an instruction that costs three times as much
    DoublePointer from = ((DoubleElements) source).pointer.position(first);
    cblas_dcopy(count, from, 1, pointer.position(first), 1);
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
