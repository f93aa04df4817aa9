package io.dropblock.exchange;

/** The form in which a file has the numbers of one of our parameters. */
enum StoredForm {
  /** Ours. */
  PLAIN,
  /** A row of numbers, which DL4J keeps as {@code [1, n]}. */
  VECTOR,
  /** A dense layer's weights, outputs first; DL4J has inputs first. */
  TRANSPOSED,
  /** A variance, where ours is DL4J's log10 of the deviation: networks of older versions. */
  VARIANCE,
  /** Such a logarithm, where ours is the variance: files of older versions. */
  LOGARITHM;

  /** So small that no epsilon notices it, and its logarithm is finite. */
  private static final double LEAST_VARIANCE = 1e-20;

  /** Whether numbers change, and not only their places. */
  boolean changesNumbers() {
    return this == VARIANCE || this == LOGARITHM;
  }

  /** The shape in a file of a parameter of this shape. */
  long[] shape(long[] ours) {
    return switch (this) {
      case PLAIN, LOGARITHM -> ours;
      case TRANSPOSED -> new long[] {ours[1], ours[0]};
      case VECTOR, VARIANCE -> new long[] {ours[ours.length - 1]};
    };
  }

  /**
   * From a file's numbers to ours.
   *
   * @param ours shape of our parameter
   */
  float[] toOurs(float[] stored, long[] ours) {
    return switch (this) {
      case PLAIN, VECTOR -> stored;
      case TRANSPOSED -> transposed(stored, (int) ours[1], (int) ours[0]);
      case VARIANCE -> logarithms(stored);
      case LOGARITHM -> variances(stored);
    };
  }

  /** From our numbers to a file's. */
  float[] toStored(float[] values, long[] ours) {
    return switch (this) {
      case PLAIN, VECTOR -> values;
      case TRANSPOSED -> transposed(values, (int) ours[0], (int) ours[1]);
      case VARIANCE -> variances(values);
      case LOGARITHM -> logarithms(values);
    };
  }

  private static float[] variances(float[] logarithms) {
    float[] variances = new float[logarithms.length];
    for (int i = 0; i < variances.length; i++) {
      variances[i] = (float) Math.pow(10, 2.0 * logarithms[i]);
    }
    return variances;
  }

  private static float[] logarithms(float[] variances) {
    float[] logarithms = new float[variances.length];
    for (int i = 0; i < logarithms.length; i++) {
      logarithms[i] = (float) (Math.log10(Math.max(variances[i], LEAST_VARIANCE)) / 2);
    }
    return logarithms;
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
