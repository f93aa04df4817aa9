package io.dropblock.spark.ring;

/** The upper half of a float: its sign, its 8 bits of exponent, 7 of its fraction. */
final class Bfloat16 {
  private static final int QUIET = 0x40;

  private Bfloat16() {}

  /** Rounds to nearest, ties to even. NaN stays NaN, too large a value becomes infinite. */
  static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (value != value) {
      return (short) (bits >>> 16 | QUIET);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
