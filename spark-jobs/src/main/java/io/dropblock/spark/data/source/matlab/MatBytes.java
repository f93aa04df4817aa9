package io.dropblock.spark.data.source.matlab;

import java.nio.ByteBuffer;

/**
 * A matrix of unsigned bytes, as MATLAB stores it.
 *
 * @param rows 1 or more
 * @param columns 1 or more
 * @param data one column after the other, {@code rows * columns} bytes from the buffer's position
 */
public record MatBytes(int rows, int columns, ByteBuffer data) {
  /** A copy, one row after the other. */
  public byte[] byRows() {
    byte[] values = new byte[rows * columns];
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        values[row * columns + column] = data.get(data.position() + column * rows + row);
      }
    }
    return values;
  }
}
