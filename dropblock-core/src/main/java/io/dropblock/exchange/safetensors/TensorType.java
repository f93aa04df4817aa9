package io.dropblock.exchange.safetensors;

/** What the numbers of a tensor are; the constants have the names that files have. */
public enum TensorType {
  /** Truth values, a byte each. */
  BOOL(1),
  /** Bytes, unsigned. */
  U8(1),
  /** Bytes. */
  I8(1),
  /** Floats of 8 bits, 5 of them for the exponent. */
  F8_E5M2(1),
  /** Floats of 8 bits, 4 of them for the exponent. */
  F8_E4M3(1),
  /** Integers of 16 bits. */
  I16(2),
  /** Integers of 16 bits, unsigned. */
  U16(2),
  /** Floats of 16 bits, IEEE 754. */
  F16(2),
  /** The upper half of a float. */
  BF16(2),
  /** Integers of 32 bits. */
  I32(4),
  /** Integers of 32 bits, unsigned. */
  U32(4),
  /** Floats. */
  F32(4),
  /** Integers of 64 bits. */
  I64(8),
  /** Integers of 64 bits, unsigned. */
  U64(8),
  /** Doubles. */
  F64(8);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  public int bytes() {
    return bytes;
  }

  /** Whether {@link Tensor#floats} takes them. */
  public boolean isReadAsFloats() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }
}
