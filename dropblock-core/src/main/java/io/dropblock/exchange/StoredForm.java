package io.dropblock.exchange;

/** The form in which a file has the numbers of one of our parameters. */
enum StoredForm {
  /** Ours. */
  PLAIN,
  /** A row of numbers, which DL4J keeps as {@code [1, n]}. */
  VECTOR,
  /** A dense layer's weights, outputs first; DL4J has inputs first. */
  TRANSPOSED,
  /** A variance; DL4J keeps log10 of the deviation. */
  VARIANCE;

  /** So small that no epsilon notices it, and its logarithm is finite. */
  private static final double LEAST_VARIANCE = 1e-20;

  /** Whether numbers change, and not only their places. */
  boolean changesNumbers() {
    return this == VARIANCE;
  }

  /** The shape in a file of a parameter of this shape. */
  long[] shape(long[] ours) {
    return switch (this) {
      case PLAIN -> ours;
      case TRANSPOSED -> new long[] {ours[1], ours[0]};
      case VECTOR, VARIANCE -> new long[] {ours[ours.length - 1]};
    };
  }

  /**
   * From a file's numbers to ours.
   *
   * @param ours shape of our parameter
   * @throws IllegalArgumentException if they are not such as this form has, as the end of a
   *     sentence
   */
  float[] toOurs(float[] stored, long[] ours) {
    if (this == TRANSPOSED) {
      return transposed(stored, (int) ours[1], (int) ours[0]);
    }
    if (this != VARIANCE) {
      return stored;
    }
    float[] spread = new float[stored.length];
    for (int i = 0; i < spread.length; i++) {
      if (stored[i] < 0) {
        throw new IllegalArgumentException(
            "its number " + i + " is " + stored[i] + ", and no variance is below 0");
      }
      spread[i] = (float) (Math.log10(Math.max(stored[i], LEAST_VARIANCE)) / 2);
    }
    return spread;
  }

  /** From our numbers to a file's. */
  float[] toStored(float[] values, long[] ours) {
    if (this == TRANSPOSED) {
      return transposed(values, (int) ours[0], (int) ours[1]);
    }
    if (this != VARIANCE) {
      return values;
    }
    float[] variance = new float[values.length];
    for (int i = 0; i < variance.length; i++) {
      variance[i] = (float) Math.pow(10, 2.0 * values[i]);
    }
    return variance;
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return turned;
  }
}
