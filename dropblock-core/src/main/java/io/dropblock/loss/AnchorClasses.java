package io.dropblock.loss;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which class each anchor of a micro-batch has.
 *
 * @param numbers class numbers, or {@link FocalLoss#NO_OBJECT}
 * @param objects how many anchors have a class
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record AnchorClasses(int[] numbers, int objects) {

  /**
   * @throws IllegalArgumentException if a label is no class and not {@link FocalLoss#NO_OBJECT}
   */
  static AnchorClasses of(INDArray labels, int classes) {
    double[] given =
        labels.reshape('c', new long[] {labels.length()}).castTo(DataType.DOUBLE).toDoubleVector();
    int[] numbers = new int[given.length];
    int objects = 0;
    for (int anchor = 0; anchor < given.length; anchor++) {
      double label = given[anchor];
      numbers[anchor] = (int) label;
      if (numbers[anchor] != label || label < FocalLoss.NO_OBJECT || label >= classes) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot compute the loss of anchor %d: its label is %s, 0 to %d or %d (no object)"
                    + " is needed",
                anchor,
                label,
                classes - 1,
                FocalLoss.NO_OBJECT));
      }
      objects += numbers[anchor] == FocalLoss.NO_OBJECT ? 0 : 1;
    }
    return new AnchorClasses(numbers, objects);
  }
}
