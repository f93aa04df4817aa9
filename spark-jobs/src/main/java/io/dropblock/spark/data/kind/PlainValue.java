package io.dropblock.spark.data.kind;

import org.apache.parquet.bytes.BytesInput;

/** Values in Parquet's plain encoding. */
public final class PlainValue {
  private PlainValue() {}

  /** Of a column of bytes: their number as a little-endian int, then they themselves. */
  public static BytesInput of(byte[] bytes) {
    return BytesInput.concat(of(bytes.length), BytesInput.from(bytes));
  }

  /** Of a column of whole numbers of 32 bits: a little-endian int. */
  static BytesInput of(int number) {
    return BytesInput.fromInt(number);
  }
}
