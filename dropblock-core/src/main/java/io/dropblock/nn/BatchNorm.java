package io.dropblock.nn;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * DL4J's batch normalisation with a ReLU behind it, if wanted, in one layer: the same parameters,
 * the same results, a fraction of the passes over memory ({@link io.dropblock.cpu.NormLoops}).
 *
 * <p>One thing differs: the moving variance is that of samples, {@code N / (N - 1)} times the one
 * that a batch of {@code N} elements a channel is normalised with, as in the reference ({@code
 * tensorflow/tensorflow: tensorflow/core/kernels/fused_batch_norm_op.cc}, whose factor is 1 where
 * {@code N} is 1); DL4J's is that of the population.
 *
 * <p>Maps are {@code [samples, channels, height, width]}. What the loops do not take, double for
 * one, goes DL4J's own way.
 */
public final class BatchNorm extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  @JsonProperty private boolean relu;

  /** For JSON. */
  public BatchNorm() {}

  /**
   * @param decay what the moving statistics keep of themselves at each step, in [0, 1]
   * @param epsilon added to the variance, above 0
   * @param gamma the first value of every scale
   * @param relu whether negative outputs become 0
   */
  public BatchNorm(double decay, double epsilon, double gamma, boolean relu) {
    setDecay(decay);
    setEps(epsilon);
    setGamma(gamma);
    this.relu = relu;
    // of maps, until an input type or the setter says it
    setCnn2DFormat(null);
  }

  /** Whether negative outputs become 0. */
  public boolean relu() {
    return relu;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    LayerValidation.assertNOutSet("BatchNorm", getLayerName(), index, getNOut());
    BatchNormLayer layer = new BatchNormLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    layer.setConf(configuration);
    return layer;
  }

  /** Also where the number of channels is set already, which DL4J's own does not look behind. */
  @Override
  public void setNIn(InputType type, boolean override) {
    CNN2DFormat format = MapFormat.of(type, getCnn2DFormat(), "BatchNorm", getLayerName());
    super.setNIn(type, override);
    setCnn2DFormat(format);
  }

  @Override
  public BatchNorm clone() {
    return (BatchNorm) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchNorm norm && relu == norm.relu && super.equals(other);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Boolean.hashCode(relu);
  }
}
