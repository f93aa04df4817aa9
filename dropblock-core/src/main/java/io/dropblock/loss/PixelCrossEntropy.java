package io.dropblock.loss;

import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The output layer of semantic segmentation. It reads logits {@code [n, h, w, classes]} and gives
 * them as they are; its loss is softmax cross entropy, the mean over all pixels of the micro-batch
 * that are not void, as in {@code tensorflow/tpu:
 * models/official/retinanet/retinanet_segmentation_model.py}. Where all are void, it is 0, and so
 * is the gradient.
 *
 * <p>Labels are class numbers, {@code [n, h, w]} of any numeric type: 0 to {@code classes - 1}, or
 * {@link #VOID}. Others are refused, and so are mask arrays, which labels do not need.
 */
public final class PixelCrossEntropy extends OutputLoss {
  private static final long serialVersionUID = 1L;

  /** The label of a pixel that does not count. */
  public static final int VOID = 255;

  @Override
  double loss(INDArray logits, INDArray labels) {
    return new Pixels(logits, labels).loss();
  }

  @Override
  double gradient(INDArray logits, INDArray labels, double factor, INDArray gradient) {
    Pixels pixels = new Pixels(logits, labels);
    gradient.assign(pixels.gradient(factor).reshape('c', gradient.shape()));
    return pixels.loss();
  }

  @Override
  String insteadOfMask() {
    return "the label of what does not count is " + VOID;
  }

  /**
   * @throws IllegalStateException if the input is no map with the channels last, or has a channel
   *     for the class {@link #VOID}
   */
  @Override
  public InputType getOutputType(int index, InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional maps)
        || maps.getFormat() != CNN2DFormat.NHWC
        || maps.getChannels() > VOID) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply PixelCrossEntropy '%s' to %s: maps with the channels last are needed, at"
                  + " most %d of them, for label %d is void",
              getLayerName(),
              input,
              VOID,
              VOID));
    }
    return input;
  }

  @Override
  public PixelCrossEntropy clone() {
    return (PixelCrossEntropy) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelCrossEntropy && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof PixelCrossEntropy;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + 1;
  }
}
