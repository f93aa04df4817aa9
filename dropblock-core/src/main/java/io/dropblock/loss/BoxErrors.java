package io.dropblock.loss;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What the box codes of all anchors of a micro-batch miss their targets by: Huber loss. */
final class BoxErrors {
  /** 0 where there is no target: {@code [anchors, 4]}. */
  private final INDArray errors;

  /** The errors, and {@code delta} or {@code -delta} where they are larger. */
  private final INDArray clipped;

  private final double objects;

  /**
   * @param codes {@code [anchors, 4]}
   * @param labels {@code [anchors, 5]}
   * @throws IllegalArgumentException if the first number of a label is not 0 or 1, or it is 0 and
   *     another one is not
   */
  BoxErrors(INDArray codes, INDArray labels, double delta) {
    DataType type = codes.dataType();
    INDArray owned = labels.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 1)).dup('c');
    INDArray targets =
        labels.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 5)).castTo(type).dup('c');
    INDArray counts = targets.neq(0).castTo(type);
    requireLabels(owned, counts);
    objects = owned.castTo(DataType.DOUBLE).sumNumber().doubleValue();
    errors = codes.sub(targets).muli(counts);
    clipped = Transforms.min(Transforms.max(errors, -delta, true), delta, false);
  }

  private static void requireLabels(INDArray owned, INDArray counts) {
    double[] first = owned.castTo(DataType.DOUBLE).reshape(owned.length()).toDoubleVector();
    double[] codes = counts.sum(1).castTo(DataType.DOUBLE).toDoubleVector();
    for (int anchor = 0; anchor < first.length; anchor++) {
      if (first[anchor] != 1 && !(first[anchor] == 0 && codes[anchor] == 0)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot compute the loss of anchor %d: its label begins with %s and has %.0f codes"
                    + " that are not 0; 1, or 0 and no code, is needed",
                anchor,
                first[anchor],
                codes[anchor]));
      }
    }
  }

  /** How many anchors have an object. */
  double objects() {
    return objects;
  }

  /** Half the square up to delta, and a straight line from there. */
  double sum() {
    return errors
        .sub(clipped.div(2))
        .muli(clipped)
        .castTo(DataType.DOUBLE)
        .sumNumber()
        .doubleValue();
  }

  /** That of the sum, times {@code factor}: {@code [anchors, 4]}. */
  INDArray gradient(double factor) {
    return clipped.mul(factor);
  }
}
