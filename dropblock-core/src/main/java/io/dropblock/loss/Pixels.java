package io.dropblock.loss;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** All pixels of a batch, one a row: softmax cross entropy and its gradient. */
final class Pixels {
  /** Logits less the row's largest: {@code [pixels, classes]}. */
  private final INDArray shifted;

  /** {@code [pixels, classes]}, zeros where the pixel is void. */
  private final INDArray oneHot;

  /** 1 where the pixel counts, else 0: {@code [pixels, 1]}. */
  private final INDArray valid;

  private final double count;

  /**
   * @param logits {@code [n, h, w, classes]}
   * @param labels {@code [n, h, w]}
   * @throws IllegalArgumentException if the shapes do not fit, or a label is neither class nor void
   */
  Pixels(INDArray logits, INDArray labels) {
    if (logits.rank() != 4 || !Arrays.equals(labels.shape(), Arrays.copyOf(logits.shape(), 3))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot compare logits %s with labels %s: [n, h, w, classes] and [n, h, w] are needed",
              Arrays.toString(logits.shape()),
              Arrays.toString(labels.shape())));
    }
    DataType type = logits.dataType();
    int classes = Math.toIntExact(logits.size(3));
    INDArray numbers = labels.reshape('c', new long[] {labels.length()}).castTo(type);
    INDArray counts = numbers.neq(PixelCrossEntropy.VOID);
    valid = counts.castTo(type).reshape(labels.length(), 1);
    count = counts.castTo(DataType.DOUBLE).sumNumber().doubleValue();
    oneHot = Nd4j.exec(new OneHot(numbers.castTo(DataType.INT32), classes, 1, 1, 0, type))[0];
    requireClasses(numbers, classes);
    INDArray rows = logits.reshape('c', labels.length(), classes);
    shifted = rows.subColumnVector(rows.max(true, 1));
  }

  private void requireClasses(INDArray numbers, int classes) {
    boolean whole = Transforms.floor(numbers, true).eq(numbers).all();
    if (whole && oneHot.castTo(DataType.DOUBLE).sumNumber().doubleValue() == count) {
      return;
    }
    double wrong =
        Arrays.stream(numbers.castTo(DataType.DOUBLE).toDoubleVector())
            .filter(number -> number != PixelCrossEntropy.VOID)
            .filter(number -> !(number >= 0 && number < classes && number == Math.rint(number)))
            .findFirst()
            .orElseThrow();
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "Cannot compute the loss of a pixel: its label is %s, 0 to %d or %d (void) is needed",
            wrong,
            classes - 1,
            PixelCrossEntropy.VOID));
  }

  /** Mean over the pixels that count; 0 if none does. */
  double loss() {
    if (count == 0) {
      return 0;
    }
    INDArray sums = Transforms.exp(shifted, true).sum(true, 1);
    INDArray losses = Transforms.log(sums, false).subi(shifted.mul(oneHot).sum(true, 1));
    return losses.muli(valid).castTo(DataType.DOUBLE).sumNumber().doubleValue() / count;
  }

  /** That of the loss, times {@code factor}: {@code [pixels, classes]}. */
  INDArray gradient(double factor) {
    INDArray probabilities = Transforms.exp(shifted, true);
    probabilities.diviColumnVector(probabilities.sum(true, 1));
    // one-hot is 0 where valid is
    return probabilities.muliColumnVector(valid).subi(oneHot).muli(count == 0 ? 0 : factor / count);
  }
}
