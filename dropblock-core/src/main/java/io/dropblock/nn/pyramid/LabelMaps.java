package io.dropblock.nn.pyramid;

import io.dropblock.cpu.UpsampleLoops;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The class of each pixel of an image, of logits that have a coarser grid: upsampled bilinearly
 * with aligned corners, as the evaluation of {@code tensorflow/tpu: models/official/retinanet} does
 * it, and then the class with the greatest, the lowest of equal ones. Pixel by pixel: the upsampled
 * logits are never there as a whole.
 */
public final class LabelMaps {
  private LabelMaps() {}

  /**
   * Finds the classes.
   *
   * @param logits floats {@code [n, h, w, classes]}, 1 to 256 classes
   * @param height of the image, in pixels, and {@code width} likewise, at least 1
   * @return classes {@code [n, height, width]} in c order, bytes without a sign
   * @throws IllegalArgumentException if the shape is another, or the labels are more than an array
   *     can hold
   */
  public static byte[] argMax(INDArray logits, int height, int width) {
    require(logits, height, width);
    INDArray floats = logits.castTo(DataType.FLOAT);
    INDArray dense = UpsampleLoops.take(floats) ? floats : floats.dup('c');
    byte[] labels = new byte[Math.toIntExact(dense.size(0) * height * width)];
    if (UpsampleLoops.take(dense)) {
      UpsampleLoops.argMax(dense, height, width, labels);
    } else {
      define(dense, height, width, labels);
    }
    return labels;
  }

  private static void require(INDArray logits, int height, int width) {
    if (logits.rank() != 4
        || logits.size(3) > UpsampleLoops.MOST_CLASSES
        || Math.min(height, width) < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot label images of %d x %d by logits of shape %s: [n, h, w, classes] with at"
                  + " most %d classes, and a pixel are needed",
              height,
              width,
              Arrays.toString(logits.shape()),
              UpsampleLoops.MOST_CLASSES));
    }
  }

  /**
   * In float, in the order of the formula, so that ties are the same in the loops.
   *
   * @param logits in c order
   */
  static void define(INDArray logits, int height, int width, byte[] labels) {
    float[] x = logits.reshape(logits.length()).toFloatVector();
    int h = (int) logits.size(1);
    int w = (int) logits.size(2);
    int classes = (int) logits.size(3);
    for (int pixel = 0; pixel < labels.length; pixel++) {
      int sample = pixel / (height * width);
      Place row = Place.of(pixel / width % height, h, height);
      Place column = Place.of(pixel % width, w, width);
      int top = (sample * h + row.from) * w;
      int bottom = (sample * h + row.to) * w;
      float greatest = 0;
      for (int one = 0; one < classes; one++) {
        float above =
            between(
                x[(top + column.from) * classes + one],
                x[(top + column.to) * classes + one],
                column.rest);
        float below =
            between(
                x[(bottom + column.from) * classes + one],
                x[(bottom + column.to) * classes + one],
                column.rest);
        float value = between(above, below, row.rest);
        if (one == 0 || value > greatest) {
          greatest = value;
          labels[pixel] = (byte) one;
        }
      }
    }
  }

  private static float between(float a, float b, float rest) {
    return a + (b - a) * rest;
  }

  /** Where a pixel reads: {@code rest} of the way from one pixel of the grid to another. */
  private record Place(int from, int to, float rest) {
    static Place of(int i, int inputs, int outputs) {
      int steps = Math.max(outputs - 1, 1);
      int way = i * (inputs - 1);
      int rest = way % steps;
      return new Place(way / steps, way / steps + (rest > 0 ? 1 : 0), (float) rest / (float) steps);
    }
  }
}
