package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Floats that travel as bfloat16, and are summed as floats. */
final class RoundedElements implements Elements {
  private static final int BLOCK = 2048;

  private final FloatBuffer array;
  private final ShortBuffer staging;
  private final float[] values = new float[BLOCK];
  private final short[] rounded = new short[BLOCK];

  /**
   * @param array from its position to its limit
   * @param staging in native byte order
   */
  RoundedElements(ByteBuffer array, ByteBuffer staging) {
    this.array = array.slice().order(array.order()).asFloatBuffer();
    this.staging = staging.duplicate().clear().order(staging.order()).asShortBuffer();
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
  public int wireBytes() {
    return Short.BYTES;
  }

  @Override
  public void add(int at, int staged, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = load(at + done, staged + done, n - done);
      for (int i = 0; i < count; i++) {
        values[i] += Bfloat16.toFloat(rounded[i]);
      }
      array.put(at + done, values, 0, count);
    }
  }

  /** Rounds the mean, too: the owner of a segment keeps what the others will get. */
  @Override
  public void addAndDivide(int at, int staged, int n, int world) {
    float divisor = world;
    for (int done = 0; done < n; done += BLOCK) {
      int count = load(at + done, staged + done, n - done);
      for (int i = 0; i < count; i++) {
        float mean = (values[i] + Bfloat16.toFloat(rounded[i])) / divisor;
        values[i] = Bfloat16.toFloat(Bfloat16.of(mean));
      }
      array.put(at + done, values, 0, count);
    }
  }

  /** {@code array[at + i] = staging[staged + i]} for {@code i < n}. */
  void take(int at, int staged, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = Math.min(BLOCK, n - done);
      staging.get(staged + done, rounded, 0, count);
      for (int i = 0; i < count; i++) {
        values[i] = Bfloat16.toFloat(rounded[i]);
      }
      array.put(at + done, values, 0, count);
    }
  }

  /** Rounds {@code array[at + i]} for {@code i < n} and appends it to a buffer. */
  void give(int at, int n, ShortBuffer out) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = Math.min(BLOCK, n - done);
      array.get(at + done, values, 0, count);
      for (int i = 0; i < count; i++) {
        rounded[i] = Bfloat16.of(values[i]);
      }
      out.put(rounded, 0, count);
    }
  }

  private int load(int at, int staged, int left) {
    int count = Math.min(BLOCK, left);
    array.get(at, values, 0, count);
    staging.get(staged, rounded, 0, count);
    return count;
  }
}
