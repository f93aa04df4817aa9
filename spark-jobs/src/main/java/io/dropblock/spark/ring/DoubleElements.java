package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;

/** Doubles that travel as they are. */
final class DoubleElements implements Elements {
  /** Two blocks stay in the first cache; loops over arrays vectorise. */
  private static final int BLOCK = 1024;

  private final DoubleBuffer array;
  private final DoubleBuffer staging;
  private final double[] sum = new double[BLOCK];
  private final double[] other = new double[BLOCK];

  /**
   * @param array from its position to its limit
   * @param staging in native byte order
   */
  DoubleElements(ByteBuffer array, ByteBuffer staging) {
    this.array = array.slice().order(array.order()).asDoubleBuffer();
    this.staging = staging.duplicate().clear().order(staging.order()).asDoubleBuffer();
  }

  @Override
  public int count() {
    return array.limit();
  }

  @Override
  public int bytes() {
    return Double.BYTES;
  }

  @Override
  public void add(int at, int staged, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = load(at + done, staged + done, n - done);
      for (int i = 0; i < count; i++) {
        sum[i] += other[i];
      }
      array.put(at + done, sum, 0, count);
    }
  }

  @Override
  public void addAndDivide(int at, int staged, int n, int world) {
    double divisor = world;
    for (int done = 0; done < n; done += BLOCK) {
      int count = load(at + done, staged + done, n - done);
      for (int i = 0; i < count; i++) {
        sum[i] = (sum[i] + other[i]) / divisor;
      }
      array.put(at + done, sum, 0, count);
    }
  }

  private int load(int at, int staged, int left) {
    int count = Math.min(BLOCK, left);
    array.get(at, sum, 0, count);
    staging.get(staged, other, 0, count);
    return count;
  }
}
