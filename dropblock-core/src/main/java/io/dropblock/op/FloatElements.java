package io.dropblock.op;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_scopy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sscal;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Elements of type float. OpenBLAS, ND4J's own, copies and scales pieces far below the size at
 * which it starts threads.
 */
final class FloatElements implements Elements {
  private final FloatPointer pointer;
  private final FloatIndexer indexer;

  FloatElements(INDArray array) {
    // the address pointer knows where in its buffer a view begins
    pointer = new FloatPointer(array.data().addressPointer());
    pointer.capacity(array.length());
    indexer = FloatIndexer.create(pointer);
  }

  @Override
  public void copy(Elements source, long first, int count) {
    // not memcpy: at this size it takes an instruction that costs three times as much
    FloatPointer from = ((FloatElements) source).pointer.position(first);
    cblas_scopy(count, from, 1, pointer.position(first), 1);
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
