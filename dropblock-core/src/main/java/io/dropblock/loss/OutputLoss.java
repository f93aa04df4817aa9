package io.dropblock.loss;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An output layer that gives what it reads as it is, and compares it with labels. */
abstract class OutputLoss extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  /**
   * Computes the loss of a micro-batch.
   *
   * @throws IllegalArgumentException if the labels are not such as the loss takes
   */
  abstract double loss(INDArray outputs, INDArray labels);

  /**
   * Computes the loss and its gradient.
   *
   * @param factor the gradient is multiplied by it
   * @param gradient gets it, in the shape of the outputs and in c order; memory of its own
   * @throws IllegalArgumentException if the labels are not such as the loss takes
   */
  abstract double gradient(INDArray outputs, INDArray labels, double factor, INDArray gradient);

  /** Which label it is that does not count, and makes masks superfluous. */
  abstract String insteadOfMask();

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    OutputLossLayer layer = new OutputLossLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), input, input)
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 4 * input.arrayElementsPerExample())
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }
}
