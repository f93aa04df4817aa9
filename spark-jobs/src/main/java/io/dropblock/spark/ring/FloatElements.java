package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Floats that travel as they are. */
final class FloatElements implements Elements {
  /** Two blocks stay in the first cache; loops over arrays vectorise. */
  private static final int BLOCK = 2048;

  private final FloatBuffer array;
  private final FloatBuffer staging;
  private final float[] sum = new float[BLOCK];
  private final float[] other = new float[BLOCK];

  /**
   * @param array from its position to its limit
   * @param staging in native byte order
   */
  FloatElements(ByteBuffer array, ByteBuffer staging) {
    this.array = array.slice().order(array.order()).asFloatBuffer();
    this.staging = staging.duplicate().clear().order(staging.order()).asFloatBuffer();
  }

  @Override
  public int count() {
    return array.limit();
  }

  @Override
  public int bytes() {
    return Float.BYTES;
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
    float divisor = world;
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
