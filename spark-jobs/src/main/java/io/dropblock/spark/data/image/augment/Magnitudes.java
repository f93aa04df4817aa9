package io.dropblock.spark.data.image.augment;

/**
 * How far the operations of a policy of torchvision's go, in 31 bins from not at all (0) to as far
 * as they may (30). Counted in 64 bits, where torchvision has 32.
 *
 * @param shear most columns a row or rows a column
 * @param horizontal most columns of a translation
 * @param vertical most rows of a translation
 * @param degrees most of a rotation
 * @param enhancement most of what is added to or taken from the factor 1 of brightness, colour,
 *     contrast and sharpness
 * @param bits most bits that are lost of a value
 */
record Magnitudes(
    double shear,
    double horizontal,
    double vertical,
    double degrees,
    double enhancement,
    int bits) {
  static final int BINS = 31;

  private static final int LAST = BINS - 1;

  /** What the operation gets at a bin, before its sign. */
  double of(PillowOp op, int bin) {
    return switch (op) {
      case IDENTITY, AUTO_CONTRAST, EQUALIZE -> 0;
      case SHEAR_X, SHEAR_Y -> line(0, shear, bin);
      case TRANSLATE_X -> line(0, horizontal, bin);
      case TRANSLATE_Y -> line(0, vertical, bin);
      case ROTATE -> line(0, degrees, bin);
      case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> line(0, enhancement, bin);
      case POSTERIZE -> 8 - Math.rint(bin / ((double) LAST / bits));
      case SOLARIZE -> line(255, 0, bin);
    };
  }

  private static double line(double from, double to, int bin) {
    return from + (to - from) * bin / LAST;
  }
}
