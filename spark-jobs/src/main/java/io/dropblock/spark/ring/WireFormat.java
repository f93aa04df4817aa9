package io.dropblock.spark.ring;

/** How elements travel between ranks. Sums are always taken in the type of the array. */
public enum WireFormat {
  /** The bytes of the array as they are. */
  EXACT,
  /**
   * Floats as bfloat16, rounded to nearest, ties to even: half the bytes, 8 bits of precision. Each
   * of the {@code world} hands that a value goes through adds a relative error of up to 2^-8.
   * Doubles travel as they are.
   */
  BFLOAT16
}
