package io.dropblock.spark.data.image;

/**
 * An image as it lies in a square: scaled, in its upper left corner, nothing of it cut off.
 *
 * @param width of the image as stored, pixels
 * @param height of the image as stored, pixels
 * @param columns of the square that it covers
 * @param rows of the square that it covers
 */
public record PlacedImage(int width, int height, int columns, int rows) {

  /**
   * Labels of the stored image's pixels: each has that of the square's pixel in which its middle
   * lies.
   *
   * @param square labels of the square, rows from the top
   * @param size side of the square
   * @return {@code height * width} labels, rows from the top
   */
  public byte[] stored(byte[] square, int size) {
    byte[] labels = new byte[Math.multiplyExact(height, width)];
    for (int y = 0; y < height; y++) {
      int row = nearest(y, rows, height) * size;
      for (int x = 0; x < width; x++) {
        labels[y * width + x] = square[row + nearest(x, columns, width)];
      }
    }
    return labels;
  }

  private static int nearest(int stored, int scaled, int all) {
    return (int) ((2L * stored + 1) * scaled / (2L * all));
  }
}
