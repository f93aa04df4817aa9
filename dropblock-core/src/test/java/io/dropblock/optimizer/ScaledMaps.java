package io.dropblock.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A vertex with parameters of its own, one of each group: {@code y = (kernel * gamma) x + bias},
 * and a count of batches that its gradient moves by one.
 */
public final class ScaledMaps extends GraphVertex implements GroupedParameters {
  private static final long serialVersionUID = 1L;

  private static final Map<String, ParameterGroup> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("kernel", ParameterGroup.KERNELS);
    GROUPS.put("gamma", ParameterGroup.NORMALIZATION);
    GROUPS.put("bias", ParameterGroup.BIASES);
    GROUPS.put("batches", ParameterGroup.STATISTICS);
  }

  @JsonProperty private VertexTraining training;

  @Override
  public Map<String, ParameterGroup> parameterGroups() {
    return GROUPS;
  }

  @Override
  public void train(IUpdater updater, WeightDecay decay) {
    training = VertexTraining.of(updater, decay);
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    if (initializeParameters) {
      parameters.assign(.5);
    }
    return new Running(graph, name, index, dataType, training.of(name, GROUPS), parameters);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return inputs[0];
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    throw new UnsupportedOperationException("Cannot report the memory of a test");
  }

  @Override
  public long numParams(boolean backprop) {
    return GROUPS.size();
  }

  @Override
  public int minVertexInputs() {
    return 1;
  }

  @Override
  public int maxVertexInputs() {
    return 1;
  }

  @Override
  public ScaledMaps clone() {
    ScaledMaps copy = new ScaledMaps();
    copy.training = training;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScaledMaps maps && Objects.equals(training, maps.training);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(training);
  }

  @SuppressWarnings("overrides") // DL4J's base class takes an array where its interface has varargs
  private static final class Running extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    private final transient TrainingConfig training;
    private final transient INDArray parameters;
    private transient INDArray gradients;

    Running(
        ComputationGraph graph,
        String name,
        int index,
        DataType dataType,
        TrainingConfig training,
        INDArray parameters) {
      super(graph, name, index, null, null, dataType);
      this.training = training;
      this.parameters = parameters;
    }

    private double value(int parameter) {
      return parameters.getDouble(parameter);
    }

    @Override
    public INDArray doForward(boolean isTraining, LayerWorkspaceMgr workspaces) {
      INDArray y = workspaces.dup(ArrayType.ACTIVATIONS, inputs[0], inputs[0].ordering());
      return y.muli(value(0) * value(1)).addi(value(2));
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
      double product = epsilon.mul(inputs[0]).sumNumber().doubleValue();
      gradients.putScalar(0, product * value(1));
      gradients.putScalar(1, product * value(0));
      gradients.putScalar(2, epsilon.sumNumber().doubleValue());
      gradients.putScalar(3, -1);
      Gradient gradient = new DefaultGradient();
      split(gradients).forEach(gradient::setGradientFor);
      INDArray dx = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering());
      return new Pair<>(gradient, new INDArray[] {dx.muli(value(0) * value(1))});
    }

    private static Map<String, INDArray> split(INDArray flat) {
      INDArray vector = flat.reshape(flat.length());
      Map<String, INDArray> parts = new LinkedHashMap<>();
      for (String name : GROUPS.keySet()) {
        parts.put(name, vector.get(NDArrayIndex.interval(parts.size(), parts.size() + 1)));
      }
      return parts;
    }

    @Override
    public boolean hasLayer() {
      return false;
    }

    @Override
    public Layer getLayer() {
      return null;
    }

    @Override
    public TrainingConfig getConfig() {
      return training;
    }

    @Override
    public long numParams() {
      return parameters.length();
    }

    @Override
    public INDArray params() {
      return parameters;
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backprop) {
      return split(parameters);
    }

    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
      return GROUPS.get(parameter) != ParameterGroup.STATISTICS;
    }

    @Override
    public INDArray getGradientsViewArray() {
      return gradients;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
      gradients = view;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(
        INDArray[] masks, MaskState current, int minibatchSize) {
      return null;
    }

    @Override
    public String toString() {
      return "ScaledMaps";
    }
  }
}
