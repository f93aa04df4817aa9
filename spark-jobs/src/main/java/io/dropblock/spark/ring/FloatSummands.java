package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** Floats to be summed. */
final class FloatSummands implements Summands {
  /** Two blocks stay in the first cache; loops over arrays vectorise. */
  private static final int BLOCK = 2048;

  private final List<FloatBuffer> arrays;
  private final FloatBuffer last;
  private final FloatBuffer staging;
  private final float[] sum = new float[BLOCK];
  private final float[] other = new float[BLOCK];

  /**
   * @param own at least one, each from its position to its limit
   * @param staging in native byte order
   */
  FloatSummands(List<ByteBuffer> own, ByteBuffer staging) {
    this.arrays =
        own.stream().map(array -> array.slice().order(array.order()).asFloatBuffer()).toList();
    this.last = arrays.get(arrays.size() - 1);
    this.staging = staging.duplicate().clear().order(staging.order()).asFloatBuffer();
  }

  @Override
  public int count() {
    return last.limit();
  }

  @Override
  public int bytes() {
    return Float.BYTES;
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
