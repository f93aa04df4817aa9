package io.dropblock.detection;

/**
 * The anchors of a level of a pyramid.
 *
 * @param first number of its first anchor among all
 * @param stride pixels from a position to the next; the first is at half of it
 * @param side positions a row, and rows
 * @param reachY pixels from a position to the upper or lower end of the highest anchor
 * @param reachX pixels from a position to the left or right end of the widest anchor
 */
record AnchorLevel(int first, int stride, int side, double reachY, double reachX) {

  /** The first row that may have anchors which reach below {@code y}. */
  int rowFrom(double y) {
    return from(y - reachY);
  }

  /** The row after the last one that may have anchors which reach above {@code y}. */
  int rowTo(double y) {
    return to(y + reachY);
  }

  /** The first column that may have anchors which reach to the right of {@code x}. */
  int columnFrom(double x) {
    return from(x - reachX);
  }

  /** The column after the last one that may have anchors which reach to the left of {@code x}. */
  int columnTo(double x) {
    return to(x + reachX);
  }

  // Up to a position more than needed, so that rounding cannot lose one.
  private int from(double pixel) {
    return within(Math.floor(pixel / stride - .5));
  }

  private int to(double pixel) {
    return within(Math.ceil(pixel / stride - .5) + 1);
  }

  private int within(double position) {
    return (int) Math.min(Math.max(position, 0), side);
  }
}
