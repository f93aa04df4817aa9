package io.dropblock.cpu;

import java.util.Arrays;
import java.util.function.LongFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays that begin where a cache line does. ND4J's own begin 16 bytes behind, so that vectors lie
 * across two lines each, and none can be written past the caches.
 */
public final class CacheLines {
  static final int BYTES = 64;

  private CacheLines() {}

  /**
   * A dense array of floats within a longer one.
   *
   * @param allocate makes an array of so many floats, of rank 1
   */
  public static INDArray aligned(LongFunction<INDArray> allocate, long... shape) {
    long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    INDArray longer = allocate.apply(length + BYTES / Float.BYTES);
    long skipped = (-DenseFloats.address(longer) & (BYTES - 1)) / Float.BYTES;
    return Nd4j.create(longer.data(), shape, Nd4j.getStrides(shape, 'c'), skipped, 'c');
  }
}
