package io.dropblock.loss;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss over the anchors of images. Outputs: {@code [n, positions, anchors * width]}, position
 * after position, and at each of them anchor after anchor. Labels: {@code [n, positions * anchors]}
 * or {@code [n, positions * anchors, numbers]}.
 */
abstract class AnchorLoss extends OutputLoss {
  private static final long serialVersionUID = 1L;

  /** How many outputs an anchor has. */
  abstract int width();

  /**
   * @throws IllegalStateException if the input is no sequence of positions, or does not divide into
   *     anchors
   */
  @Override
  public InputType getOutputType(int index, InputType input) {
    if (!(input instanceof InputType.InputTypeRecurrent positions)
        || positions.getFormat() != RNNFormat.NWC
        || positions.getSize() % width() != 0) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply %s '%s' to %s: positions in a row are needed, NWC, with a multiple of"
                  + " %d outputs each",
              getClass().getSimpleName(),
              getLayerName(),
              input,
              width()));
    }
    return input;
  }

  /**
   * The outputs, one anchor a row: {@code [n * positions * anchors, width]}.
   *
   * @param numbers what labels have behind their first two sizes
   * @throws IllegalArgumentException if outputs and labels do not fit
   */
  final INDArray rows(INDArray outputs, INDArray labels, long... numbers) {
    if (outputs.rank() != 3
        || outputs.size(2) % width() != 0
        || !Arrays.equals(labels.shape(), labelShape(outputs, numbers))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot compare outputs %s with labels %s: [n, positions, anchors * %d] and [n,"
                  + " positions * anchors%s] are needed",
              Arrays.toString(outputs.shape()),
              Arrays.toString(labels.shape()),
              width(),
              numbers.length == 0 ? "" : ", " + numbers[0]));
    }
    return outputs.reshape('c', outputs.length() / width(), width());
  }

  private long[] labelShape(INDArray outputs, long... numbers) {
    long anchors = outputs.size(1) * (outputs.size(2) / width());
    return LongStream.concat(LongStream.of(outputs.size(0), anchors), LongStream.of(numbers))
        .toArray();
  }
}
