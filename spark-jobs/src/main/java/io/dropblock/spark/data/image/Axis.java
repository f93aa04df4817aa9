package io.dropblock.spark.data.image;

import java.util.Arrays;

/**
 * One direction of a resampling: for each target pixel 4 source pixels and their weights.
 *
 * @param index {@code 4 * size} positions from the first source pixel on, from one target pixel to
 *     the next never falling, or never rising where mirrored
 * @param weight of each
 */
record Axis(int[] index, float[] weight) {
  static final int TAPS = 4;

  /**
   * A stretch of an image that was scaled when it was decoded.
   *
   * @param start first pixel of the stretch in the image as stored
   * @param length of the stretch there, 1 or more
   * @param denominator the image was scaled by 1 over that; 1 where it was not
   * @param size number of target pixels
   */
  static Axis of(int start, int length, int denominator, int size, Resampling resampling) {
    int first = start / denominator;
    int last = (start + length - 1) / denominator - first;
    double scale = (double) length / size;
    Axis axis = new Axis(new int[TAPS * size], new float[TAPS * size]);
    for (int i = 0; i < size; i++) {
      // By pixel centres from one image to the other.
      double stored = start + resampling.position(i, scale);
      double position = denominator == 1 ? stored : (stored + 0.5) / denominator - 0.5;
      double floor = Math.floor(position);
      for (int tap = 0; tap < TAPS; tap++) {
        int index = (int) floor - 1 + tap - first;
        axis.index[TAPS * i + tap] = Math.min(Math.max(index, 0), last);
      }
      resampling.weigh(position - floor, axis.weight, TAPS * i);
    }
    return axis;
  }

  /** Number of target pixels. */
  int size() {
    return index.length / TAPS;
  }

  /** The target pixels in the other order. */
  Axis mirrored() {
    Axis axis = new Axis(new int[index.length], new float[weight.length]);
    for (int from = 0; from < index.length; from += TAPS) {
      int to = index.length - TAPS - from;
      System.arraycopy(index, from, axis.index, to, TAPS);
      System.arraycopy(weight, from, axis.weight, to, TAPS);
    }
    return axis;
  }

  /** Some of the target pixels. */
  Axis part(int first, int count) {
    int from = TAPS * first;
    int to = from + TAPS * count;
    return new Axis(Arrays.copyOfRange(index, from, to), Arrays.copyOfRange(weight, from, to));
  }
}
