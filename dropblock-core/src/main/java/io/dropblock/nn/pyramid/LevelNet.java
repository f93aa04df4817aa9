package io.dropblock.nn.pyramid;

import io.dropblock.optimizer.GroupedParameters;
import io.dropblock.optimizer.ParameterGroup;
import io.dropblock.optimizer.WeightDecay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Convolutions whose weights all levels of a feature pyramid share, as one vertex: on each level
 * some 3x3 convolutions, each with a batch normalisation of that level's own, a ReLU and, if
 * wanted, DropBlock; then one more 3x3 convolution, with a bias and nothing behind it. The head of
 * {@code tensorflow/tpu: models/official/retinanet}, for detection and segmentation.
 *
 * <p>Inputs: one a level, {@code [n, h_k, w_k, channels]}, the finest first. Output: see {@link
 * Output}. Convolutions keep the size of the maps; what lies outside counts as 0.
 *
 * <p>Parameters are called {@code conv0/W}, {@code conv0/b}, {@code conv0/level0/gamma} and so on,
 * {@code last/W}, {@code last/b}; {@link LevelParameter} tells what each is. Updater and
 * regularisation are those of the network, or of an {@link io.dropblock.optimizer.Optimizer}. It
 * extends DL4J's {@code SameDiffVertex} because DL4J gives its settings to no other vertex;
 * SameDiff has no part in it.
 *
 * <p>DropBlock's sites are called {@code <vertex>/conv0/level1} and so on.
 */
@JsonIgnoreProperties("vertexParams")
public final class LevelNet extends SameDiffVertex implements GroupedParameters {
  private static final long serialVersionUID = 1L;

  /** What becomes of the levels' maps. */
  public enum Output {
    /**
     * Upsampled to the first level's size, bilinear with aligned corners, and added: {@code [n,
     * h_0, w_0, outputs]}.
     */
    SUM,
    /**
     * All positions in a row, level after level, row by row: {@code [n, h_0 w_0 + h_1 w_1 + ...,
     * outputs]}.
     */
    POSITIONS
  }

  @JsonProperty private LevelSettings settings;
  @JsonProperty private List<Regularization> regularizationNorm;

  /** For JSON. */
  @SuppressWarnings("unused")
  private LevelNet() {}

  /** The vertex of these settings; {@link LevelSettings.Builder} makes them step by step. */
  public LevelNet(LevelSettings settings) {
    this.settings = settings;
  }

  /** What it is made of. */
  public LevelSettings settings() {
    return settings;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    setName(name);
    LevelNetVertex vertex = new LevelNetVertex(this, graph, name, index, parameters, dataType);
    if (initializeParameters) {
      initializeParameters(vertex.paramTable(false));
    }
    return vertex;
  }

  /** Draws the weights; the rest gets its first values. */
  @Override
  public void initializeParameters(Map<String, INDArray> parameters) {
    String lastBias = LevelParameter.BIAS.in(settings.convolution(settings.convolutions()));
    parameters.forEach(
        (name, values) -> {
          switch (LevelParameter.of(name)) {
            case WEIGHTS ->
                values.assign(
                    Nd4j.randn(values.dataType(), values.shape()).muli(settings.deviation()));
            case BIAS -> values.assign(name.equals(lastBias) ? settings.lastBias() : 0);
            case GAMMA, VARIANCE -> values.assign(1);
            case BETA, MEAN -> values.assign(0);
          }
        });
  }

  @Override
  public long numParams(boolean backprop) {
    return settings.parameters().values().stream().mapToLong(LevelNet::length).sum();
  }

  /** How many of the parameters are moving statistics. */
  public long movingStatistics() {
    return settings.parameters().entrySet().stream()
        .filter(entry -> LevelParameter.of(entry.getKey()).isStatistic())
        .mapToLong(entry -> length(entry.getValue()))
        .sum();
  }

  static long length(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Multiply-adds of the convolutions for one image whose levels have these shapes. */
  public long multiplyAdds(InputType... inputs) {
    return settings.multiplyAdds(positions(shapes(inputs)));
  }

  /** Elements inside, for one image whose levels have these shapes, that a step keeps. */
  public long activations(InputType... inputs) {
    return positions(shapes(inputs)) * 2 * settings.convolutions() * settings.filters();
  }

  /**
   * @throws IllegalStateException if the inputs are not as many maps as there are levels, with the
   *     channels last, or one to be upsampled is larger than the first
   */
  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    List<LevelShape> shapes = shapes(inputs);
    LevelShape first = shapes.get(0);
    return switch (settings.output()) {
      case SUM -> {
        shapes.forEach(shape -> shape.requireUpsampling(Upsampling.BILINEAR, first));
        yield InputType.convolutional(
            first.height(), first.width(), settings.outputs(), CNN2DFormat.NHWC);
      }
      case POSITIONS -> InputType.recurrent(settings.outputs(), positions(shapes), RNNFormat.NWC);
    };
  }

  private static long positions(List<LevelShape> shapes) {
    return shapes.stream().mapToLong(LevelShape::positions).sum();
  }

  private List<LevelShape> shapes(InputType... inputs) {
    List<LevelShape> shapes =
        Arrays.stream(inputs).map(type -> LevelShape.of(type, "LevelNet")).toList();
    if (inputs.length != settings.levels()
        || shapes.stream().anyMatch(shape -> shape.channels() != settings.channels())) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply LevelNet to %s: %d levels of %d channels are needed",
              shapes,
              settings.levels(),
              settings.channels()));
    }
    return shapes;
  }

  @Override
  public int minVertexInputs() {
    return settings.levels();
  }

  @Override
  public int maxVertexInputs() {
    return settings.levels();
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    InputType type = getOutputType(-1, inputs);
    return new LayerMemoryReport.Builder(getName(), LevelNet.class, inputs[0], type)
        .standardMemory(numParams(true), numParams(true))
        .workingMemory(0, 0, 0, activations(inputs))
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  @Override
  public Map<String, ParameterGroup> parameterGroups() {
    Map<String, ParameterGroup> groups = new LinkedHashMap<>();
    settings
        .parameters()
        .keySet()
        .forEach(name -> groups.put(name, LevelParameter.of(name).group()));
    return groups;
  }

  @Override
  public void train(IUpdater by, WeightDecay decay) {
    updater = by;
    biasUpdater = null;
    regularization = decay.regularizationOf(ParameterGroup.KERNELS);
    regularizationBias = decay.regularizationOf(ParameterGroup.BIASES);
    regularizationNorm = decay.regularizationOf(ParameterGroup.NORMALIZATION);
  }

  @Override
  public IUpdater getUpdaterByParam(String parameter) {
    LevelParameter kind = LevelParameter.of(parameter);
    if (kind.isStatistic()) {
      return new NoOp();
    }
    return kind == LevelParameter.BIAS && biasUpdater != null ? biasUpdater : updater;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String parameter) {
    return switch (LevelParameter.of(parameter)) {
      case WEIGHTS -> regularization;
      case BIAS -> regularizationBias;
      case GAMMA, BETA -> regularizationNorm;
      case MEAN, VARIANCE -> null;
    };
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams parameters) {
    parameters.defineInputs(settings.levels());
    settings
        .parameters()
        .forEach(
            (name, shape) -> {
              if (LevelParameter.of(name) == LevelParameter.WEIGHTS) {
                parameters.addWeightParam(name, shape);
              } else {
                parameters.addBiasParam(name, shape);
              }
            });
  }

  /**
   * Refuses.
   *
   * @throws UnsupportedOperationException always: the vertex calculates without SameDiff
   */
  @Override
  public SDVariable defineVertex(
      SameDiff sameDiff,
      Map<String, SDVariable> inputs,
      Map<String, SDVariable> parameters,
      Map<String, SDVariable> masks) {
    throw new UnsupportedOperationException(
        "Cannot define a LevelNet in SameDiff: it calculates by itself");
  }

  @Override
  public LevelNet clone() {
    LevelNet copy = new LevelNet(settings);
    copy.setName(getName());
    copy.regularization = copy(regularization);
    copy.regularizationBias = copy(regularizationBias);
    copy.regularizationNorm = copy(regularizationNorm);
    copy.updater = updater == null ? null : updater.clone();
    copy.biasUpdater = biasUpdater == null ? null : biasUpdater.clone();
    copy.gradientNormalization = gradientNormalization;
    copy.gradientNormalizationThreshold = gradientNormalizationThreshold;
    copy.dataType = dataType;
    return copy;
  }

  private static List<Regularization> copy(List<Regularization> all) {
    return all == null ? null : new ArrayList<>(all.stream().map(Regularization::clone).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LevelNet that
        && settings.equals(that.settings)
        && Objects.equals(regularizationNorm, that.regularizationNorm)
        && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof LevelNet;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), settings);
  }

  @Override
  public String toString() {
    return "LevelNet(" + getName() + ", " + settings + ")";
  }
}
