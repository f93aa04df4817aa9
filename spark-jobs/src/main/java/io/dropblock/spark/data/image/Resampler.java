package io.dropblock.spark.data.image;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Scales a rectangle of a decoded image to a square and normalises it. The definition of what the
 * native library does while it decodes: equal to it bit for bit where the JPEG is decoded at full
 * size.
 *
 * @param size side of the result, pixels
 */
record Resampler(int size, Resampling resampling, Normalization normalization) {
  private static final int TAPS = Axis.TAPS;

  /** Writes 3 planes, red first. Pixels outside the rectangle have no part in the result. */
  void resize(Image image, Crop crop, FloatBuffer out, int offset) {
    Region region = crop.region();
    Axis across = Axis.of(region.x(), region.width(), 1, size, resampling);
    Axis down = Axis.of(region.y(), region.height(), 1, size, resampling);
    fill(image, region, crop.mirror() ? across.mirrored() : across, down, out, offset);
  }

  /**
   * Writes the upper left part of 3 planes, as many columns and rows as the axes have; leaves the
   * rest of the planes as it is.
   *
   * @param region where the axes' positions count from
   */
  void fill(Image image, Region region, Axis across, Axis down, FloatBuffer out, int offset) {
    float[] line = new float[3 * region.width()];
    float[] row = new float[across.size()];
    for (int y = 0; y < down.size(); y++) {
      rows(image, region, down, y, line);
      for (int channel = 0; channel < 3; channel++) {
        float mean = normalization.mean().get(channel);
        float scale = 1 / normalization.std().get(channel);
        for (int x = 0; x < row.length; x++) {
          row[x] = (columns(line, across, x, channel) - mean) * scale;
        }
        out.put(offset + (channel * size + y) * size, row);
      }
    }
  }

  /** Four rows into one; two of bilinear's, whose outer weights are 0. */
  private void rows(Image image, Region region, Axis down, int y, float[] line) {
    byte[] rgb = image.rgb();
    int[] from = new int[TAPS];
    for (int tap = 0; tap < TAPS; tap++) {
      int row = region.y() + down.index()[TAPS * y + tap];
      from[tap] = (row * image.width() + region.x()) * 3;
    }
    float[] weight = Arrays.copyOfRange(down.weight(), TAPS * y, TAPS * y + TAPS);
    if (resampling.isBilinear()) {
      for (int i = 0; i < line.length; i++) {
        line[i] = (rgb[from[1] + i] & 0xFF) * weight[1] + (rgb[from[2] + i] & 0xFF) * weight[2];
      }
      return;
    }
    for (int i = 0; i < line.length; i++) {
      line[i] =
          (rgb[from[0] + i] & 0xFF) * weight[0]
              + (rgb[from[1] + i] & 0xFF) * weight[1]
              + (rgb[from[2] + i] & 0xFF) * weight[2]
              + (rgb[from[3] + i] & 0xFF) * weight[3];
    }
  }

  /** Four columns into one, or two. */
  private float columns(float[] line, Axis across, int x, int channel) {
    int[] index = across.index();
    float[] weight = across.weight();
    int at = TAPS * x;
    float middle = line[3 * index[at + 1] + channel] * weight[at + 1];
    if (resampling.isBilinear()) {
      return middle + line[3 * index[at + 2] + channel] * weight[at + 2];
    }
    return line[3 * index[at] + channel] * weight[at]
        + middle
        + line[3 * index[at + 2] + channel] * weight[at + 2]
        + line[3 * index[at + 3] + channel] * weight[at + 3];
  }
}
