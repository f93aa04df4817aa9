package io.dropblock.metric;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The class of each pixel of an image, from a network's scores on a coarser grid: scores are
 * interpolated bilinearly, with the middles of the corner pixels on each other ({@code
 * align_corners}), as TPU {@code retinanet_segmentation_model.py} measures; the highest wins, and
 * the first of equal ones.
 */
public final class PixelClasses {
  private final float[] scores;
  private final int height;
  private final int width;
  private final int classes;

  private PixelClasses(float[] scores, int height, int width, int classes) {
    this.scores = scores;
    this.height = height;
    this.width = width;
    this.classes = classes;
  }

  /**
   * Of the scores of one image, which are copied.
   *
   * @param scores {@code [classes, h, w]} with at most 256 classes, in any memory order
   */
  public static PixelClasses of(INDArray scores) {
    if (scores.rank() != 3 || scores.size(0) > 256) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot find classes of pixels: scores have shape %s",
              Arrays.toString(scores.shape())));
    }
    // The classes of a pixel side by side.
    float[] values = scores.permute(1, 2, 0).dup('c').data().asFloat();
    return new PixelClasses(
        values, (int) scores.size(1), (int) scores.size(2), (int) scores.size(0));
  }

  /** Whether all scores are finite. */
  public boolean finite() {
    for (float score : scores) {
      if (!Float.isFinite(score)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The classes at a size.
   *
   * @param rows of the result, 1 or more
   * @param columns of the result, 1 or more
   * @return {@code rows * columns} unsigned bytes, rows from the top; without meaning where scores
   *     are not finite
   */
  public byte[] at(int rows, int columns) {
    byte[] best = new byte[Math.multiplyExact(rows, columns)];
    float[] line = new float[width * classes];
    for (int y = 0; y < rows; y++) {
      double place = place(y, rows, height);
      int above = (int) place;
      int below = Math.min(above + 1, height - 1);
      blend(above * line.length, below * line.length, (float) (place - above), line);
      for (int x = 0; x < columns; x++) {
        best[y * columns + x] = (byte) best(line, place(x, columns, width));
      }
    }
    return best;
  }

  /** Where a pixel of the result lies on the grid. */
  private static double place(int index, int count, int grid) {
    return count == 1 ? 0 : (double) index * (grid - 1) / (count - 1);
  }

  private void blend(int first, int second, float weight, float[] line) {
    for (int i = 0; i < line.length; i++) {
      line[i] = scores[first + i] + (scores[second + i] - scores[first + i]) * weight;
    }
  }

  private int best(float[] line, double place) {
    int before = (int) place;
    float weight = (float) (place - before);
    int first = before * classes;
    int second = Math.min(before + 1, width - 1) * classes;
    int best = 0;
    float highest = Float.NEGATIVE_INFINITY;
    for (int label = 0; label < classes; label++) {
      float score = line[first + label] + (line[second + label] - line[first + label]) * weight;
      if (score > highest) {
        highest = score;
        best = label;
      }
    }
    return best;
  }
}
