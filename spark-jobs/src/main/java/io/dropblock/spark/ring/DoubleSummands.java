package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.List;

/** Doubles to be summed. */
final class DoubleSummands implements Summands {
  /** Two blocks stay in the first cache; loops over arrays vectorise. */
  private static final int BLOCK = 1024;

  private final List<DoubleBuffer> arrays;
  private final DoubleBuffer last;
  private final DoubleBuffer staging;
  private final double[] sum = new double[BLOCK];
  private final double[] other = new double[BLOCK];

  /**
   * @param own at least one, each from its position to its limit
   * @param staging in native byte order
   */
  DoubleSummands(List<ByteBuffer> own, ByteBuffer staging) {
    this.arrays =
        own.stream().map(array -> array.slice().order(array.order()).asDoubleBuffer()).toList();
    this.last = arrays.get(arrays.size() - 1);
    this.staging = staging.duplicate().clear().order(staging.order()).asDoubleBuffer();
  }

  @Override
  public int count() {
    return last.limit();
  }

  @Override
  public int bytes() {
    return Double.BYTES;
  }

  @Override
  public void fold() {
    if (arrays.size() > 1) {
      for (int at = 0; at < count(); at += BLOCK) {
        int n = Math.min(BLOCK, count() - at);
        arrays.get(0).get(at, sum, 0, n);
        add(1, at, n);
      }
    }
  }

  @Override
  public void foldOnto(int at, int staged, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = Math.min(BLOCK, n - done);
      staging.get(staged + done, sum, 0, count);
      add(0, at + done, count);
    }
  }

  private void add(int from, int at, int n) {
    for (int array = from; array < arrays.size(); array++) {
      arrays.get(array).get(at, other, 0, n);
      for (int i = 0; i < n; i++) {
        sum[i] += other[i];
      }
    }
    last.put(at, sum, 0, n);
  }
}
