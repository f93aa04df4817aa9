package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.image.Image;
import java.util.Arrays;
import java.util.Locale;

/**
 * Makes an image smaller: a triangle as wide as the scale, along rows and then along columns, so
 * that each pixel of the original counts (what PIL calls bilinear).
 */
public final class TriangleFilter {
  private TriangleFilter() {}

  /**
   * Scales an image down.
   *
   * @param width of the result, 1 to that of the image
   * @param height of the result, 1 to that of the image
   */
  public static Image scale(Image image, int width, int height) {
    if (width < 1 || height < 1 || width > image.width() || height > image.height()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid size: %d x %d pixels from %d x %d",
              width,
              height,
              image.width(),
              image.height()));
    }
    Filter across = Filter.of(image.width(), width);
    Filter down = Filter.of(image.height(), height);
    // Of the rows that were scaled across only those that a row of the result is made of.
    float[][] rows = new float[down.longest()][width * 3];
    int scaled = 0;
    byte[] rgb = new byte[height * width * 3];
    int stride = width * 3;
    for (int y = 0; y < height; y++) {
      int first = down.first[y];
      float[] weights = down.weights[y];
      for (scaled = Math.max(scaled, first); scaled < first + weights.length; scaled++) {
        across.scaleRow(image, scaled, rows[scaled % rows.length]);
      }
      for (int x = 0; x < stride; x++) {
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * rows[(first + i) % rows.length][x];
        }
        rgb[y * stride + x] = (byte) Math.min(255, Math.round(sum));
      }
    }
    return new Image(width, height, rgb);
  }

  /** For each target pixel the first source pixel that counts, and the weights from there on. */
  private record Filter(int[] first, float[][] weights) {
    static Filter of(int length, int size) {
      Filter filter = new Filter(new int[size], new float[size][]);
      double scale = (double) length / size;
      for (int i = 0; i < size; i++) {
        double centre = (i + 0.5) * scale;
        int first = (int) Math.max(0, Math.round(centre - scale));
        int end = (int) Math.min(length, Math.round(centre + scale));
        double[] triangle = new double[end - first];
        double sum = 0;
        for (int j = 0; j < triangle.length; j++) {
          triangle[j] = Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / scale);
          sum += triangle[j];
        }
        float[] weights = new float[triangle.length];
        for (int j = 0; j < triangle.length; j++) {
          weights[j] = (float) (triangle[j] / sum);
        }
        filter.first[i] = first;
        filter.weights[i] = weights;
      }
      return filter;
    }

    int longest() {
      return Arrays.stream(weights).mapToInt(of -> of.length).max().orElseThrow();
    }

    void scaleRow(Image image, int y, float[] row) {
      for (int x = 0; x < first.length; x++) {
        float[] triangle = weights[x];
        for (int channel = 0; channel < 3; channel++) {
          int from = (y * image.width() + first[x]) * 3 + channel;
          float sum = 0;
          for (int i = 0; i < triangle.length; i++) {
            sum += triangle[i] * (image.rgb()[from + 3 * i] & 0xFF);
          }
          row[x * 3 + channel] = sum;
        }
      }
    }
  }
}
