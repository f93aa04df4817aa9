package io.dropblock.detection;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/** Boxes for tests. */
final class RandomBoxes {
  private RandomBoxes() {}

  /**
   * Boxes inside and around a square, on a grid so coarse that equal overlaps are common, now and
   * then one without area or the one before once more.
   */
  static float[] of(RandomGenerator random, int count, int size, int grid) {
    float[] boxes = new float[4 * count];
    for (int at = 0; at < boxes.length; at += 4) {
      if (at > 0 && random.nextInt(10) == 0) {
        System.arraycopy(boxes, at - 4, boxes, at, 4);
        continue;
      }
      for (int axis = 0; axis < 2; axis++) {
        int from = random.nextInt(-size / 4, size) / grid * grid;
        boxes[at + axis] = from;
        boxes[at + 2 + axis] = from + random.nextInt(size * 3 / 4) / grid * grid;
      }
    }
    return boxes;
  }

  /** A buffer of some numbers, outside the heap or around the array itself. */
  static FloatBuffer buffer(float[] numbers, boolean direct) {
    if (!direct) {
      return FloatBuffer.wrap(numbers);
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * numbers.length);
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().put(0, numbers);
  }

  /** All numbers of a buffer. */
  static float[] array(FloatBuffer buffer) {
    float[] numbers = new float[buffer.limit()];
    buffer.get(0, numbers);
    return numbers;
  }
}
