package io.dropblock.loss;

import java.util.Collection;
import java.util.Locale;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
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
 *
 * <p>DL4J divides gradients by the number of images; the layer's are multiplied by it before.
 */
public final class PixelCrossEntropy extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  /** The label of a pixel that does not count. */
  public static final int VOID = 255;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    PixelCrossEntropyLayer layer = new PixelCrossEntropyLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
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
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    return new LayerMemoryReport.Builder(getLayerName(), PixelCrossEntropy.class, input, input)
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 4 * input.arrayElementsPerExample())
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
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
