package io.dropblock.nn;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;

import io.dropblock.optimizer.GroupedParameters;
import io.dropblock.optimizer.ParameterGroup;
import io.dropblock.optimizer.WeightDecay;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
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
 * <p>What is kept is the variance itself, as parameter {@code var}, as in TensorFlow and PyTorch:
 * it comes in and goes out bit-equal. DL4J's default is {@code log10stdev}, in which a float's last
 * bits are lost. Networks that older versions of this program saved have that, say so in their
 * configuration, and go on with it.
 *
 * <p>Frozen, it works by its moving statistics in training, too, and leaves them as they are: what
 * {@code facebookresearch/detectron2: layers/batch_norm.py} has for batches too small to measure,
 * but that gamma and beta are learned here.
 *
 * <p>Maps are {@code [samples, channels, height, width]}. What the loops do not take, double for
 * one, goes DL4J's own way.
 */
public final class BatchNorm extends BatchNormalization implements GroupedParameters {
  private static final long serialVersionUID = 1L;

  @JsonProperty private boolean relu;
  @JsonProperty private double weightDecay;
  @JsonProperty private boolean decoupledDecay;
  @JsonProperty private boolean frozen;

  /** Not in the JSON of older versions. */
  @JsonProperty private boolean keepsVariance;

  @JsonProperty private long updatesBefore;

  /** For JSON. */
  public BatchNorm() {}

  /**
   * @param decay what the moving statistics keep of themselves at each step, in [0, 1]
   * @param epsilon added to the variance, above 0
   * @param gamma the first value of every scale
   * @param relu whether negative outputs become 0
   */
  public BatchNorm(double decay, double epsilon, double gamma, boolean relu) {
    this(decay, epsilon, gamma, relu, false);
  }

  /**
   * @param frozen whether it works by the moving statistics in training, too, and leaves them as
   *     they are
   */
  public BatchNorm(double decay, double epsilon, double gamma, boolean relu, boolean frozen) {
    setDecay(decay);
    setEps(epsilon);
    setGamma(gamma);
    this.relu = relu;
    this.frozen = frozen;
    keepVariance(true);
    // of maps, until an input type or the setter says it
    setCnn2DFormat(null);
  }

  /**
   * Before the network is made.
   *
   * @param itself whether the moving variance is kept as it is, as {@code var}; else as DL4J's
   *     {@code log10stdev}
   */
  void keepVariance(boolean itself) {
    keepsVariance = itself;
    setUseLogStd(!itself);
  }

  /**
   * Whether the moving variance is kept as the logarithm of the deviation. Not by DL4J's own field
   * alone: it guesses that anew when it reads the JSON of a network that was never initialised.
   */
  @Override
  public boolean isUseLogStd() {
    return !keepsVariance && super.isUseLogStd();
  }

  /**
   * How often the moving statistics were updated before the network's first iteration: elsewhere,
   * where they come from another program. Nothing is calculated by it.
   */
  public long updatesBefore() {
    return updatesBefore;
  }

  /**
   * @param count at least 0
   */
  public void setUpdatesBefore(long count) {
    updatesBefore = count;
  }

  /** Whether negative outputs become 0. */
  public boolean relu() {
    return relu;
  }

  /** Whether it works by the moving statistics in training, too. */
  public boolean frozen() {
    return frozen;
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
  public Map<String, ParameterGroup> parameterGroups() {
    Map<String, ParameterGroup> groups = new LinkedHashMap<>();
    for (String parameter : initializer().paramKeys(this)) {
      groups.put(
          parameter,
          isTrained(parameter) ? ParameterGroup.NORMALIZATION : ParameterGroup.STATISTICS);
    }
    return groups;
  }

  private static boolean isTrained(String parameter) {
    return parameter.equals(GAMMA) || parameter.equals(BETA);
  }

  @Override
  public void train(IUpdater updater, WeightDecay decay) {
    setIUpdater(updater);
    setBiasUpdater(null);
    weightDecay = decay.rateOf(ParameterGroup.NORMALIZATION);
    decoupledDecay = decay.decoupled();
  }

  /** DL4J's has none. */
  @Override
  public List<Regularization> getRegularizationByParam(String parameter) {
    return isTrained(parameter)
        ? WeightDecay.regularization(weightDecay, decoupledDecay)
        : List.of();
  }

  @Override
  public BatchNorm clone() {
    return (BatchNorm) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchNorm norm
        && relu == norm.relu
        && frozen == norm.frozen
        && keepsVariance == norm.keepsVariance
        && updatesBefore == norm.updatesBefore
        && weightDecay == norm.weightDecay
        && decoupledDecay == norm.decoupledDecay
        && super.equals(other);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(), relu, frozen, keepsVariance, updatesBefore, weightDecay, decoupledDecay);
  }
}
