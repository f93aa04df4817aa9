package io.dropblock.spark.data.image;

/**
 * Scales a region to a square and normalises it. Pixel centres lie at half coordinates ({@code
 * source = (target + 0.5) * scale - 0.5}); samples never come from outside the region. No filter
 * against aliasing when it shrinks, as TensorFlow's resize has none. Bilinear for now; the paper's
 * code uses bicubic, which comes later.
 *
 * @param size side of the result, pixels
 */
record Bilinear(int size, Normalization normalization) {
  /** Writes 3 planes, red first; a region of the result's size is copied exactly. */
  void resize(Image image, Region region, boolean mirror, float[] out, int offset) {
    Axis horizontal = Axis.of(region.x(), region.width(), size);
    Axis vertical = Axis.of(region.y(), region.height(), size);
    byte[] rgb = image.rgb();
    for (int channel = 0; channel < 3; channel++) {
      float mean = normalization.mean().get(channel);
      float scale = 1 / normalization.std().get(channel);
      for (int y = 0; y < size; y++) {
        int upper = vertical.low[y] * image.width();
        int lower = vertical.high[y] * image.width();
        float down = vertical.weight[y];
        int row = offset + (channel * size + y) * size;
        for (int x = 0; x < size; x++) {
          int left = horizontal.low[x];
          int right = horizontal.high[x];
          float across = horizontal.weight[x];
          float top = mix(rgb, (upper + left) * 3 + channel, (upper + right) * 3 + channel, across);
          float bottom =
              mix(rgb, (lower + left) * 3 + channel, (lower + right) * 3 + channel, across);
          out[row + (mirror ? size - 1 - x : x)] = (top + (bottom - top) * down - mean) * scale;
        }
      }
    }
  }

  private static float mix(byte[] rgb, int first, int second, float weight) {
    float value = rgb[first] & 0xFF;
    return value + ((rgb[second] & 0xFF) - value) * weight;
  }

  /** For each target pixel the two source pixels and the second one's weight. */
  private record Axis(int[] low, int[] high, float[] weight) {
    static Axis of(int start, int length, int size) {
      Axis axis = new Axis(new int[size], new int[size], new float[size]);
      double scale = (double) length / size;
      for (int i = 0; i < size; i++) {
        double position = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), length - 1);
        int low = (int) position;
        axis.low[i] = start + low;
        axis.high[i] = start + Math.min(low + 1, length - 1);
        axis.weight[i] = (float) (position - low);
      }
      return axis;
    }
  }
}
