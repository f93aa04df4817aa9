package io.dropblock.spark.train;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex behind a DropPath that reads, in the forward pass of each step of a rank, what the step
 * really works with: the keep probability from the factor of the samples that are kept, the
 * learning rate where the updater will read it. Its inputs are the DropPath's and the DropPath; it
 * hands on the second. For ranks in this JVM.
 */
public final class StepProbe extends GraphVertex {
  private static final long serialVersionUID = 1L;

  static final List<Reading> READINGS = new CopyOnWriteArrayList<>();

  /** What was read in one step of a rank. */
  record Reading(int rank, int epoch, int step, double keepProbability, double learningRate) {}

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    return new Running(graph, name, index, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return inputs[1];
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    throw new UnsupportedOperationException("Cannot report the memory of a probe");
  }

  @Override
  public long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public int maxVertexInputs() {
    return 2;
  }

  @Override
  public StepProbe clone() {
    return new StepProbe();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepProbe;
  }

  @Override
  public int hashCode() {
    return 1;
  }

  @SuppressWarnings("overrides") // DL4J's base class takes an array where its interface has varargs
  private static final class Running extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    Running(ComputationGraph graph, String name, int index, DataType dataType) {
      super(graph, name, index, null, null, dataType);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
      if (training) {
        var counters = graph.getConfiguration();
        var updater = graph.getUpdater().getUpdaterBlocks().get(0).getGradientUpdater();
        READINGS.add(
            new Reading(
                TaskContext.getPartitionId(),
                counters.getEpochCount(),
                counters.getIterationCount(),
                keepProbability(),
                updater.getConfig().getLearningRate(0, 0)));
      }
      return workspaces.dup(ArrayType.ACTIVATIONS, inputs[1], inputs[1].ordering());
    }

    /** A sample that is kept is divided by it. */
    private double keepProbability() {
      float[] before = inputs[0].dup('c').data().asFloat();
      float[] behind = inputs[1].dup('c').data().asFloat();
      int largest = 0;
      for (int i = 0; i < behind.length; i++) {
        largest = Math.abs(behind[i]) > Math.abs(behind[largest]) ? i : largest;
      }
      return (double) before[largest] / behind[largest];
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
      INDArray none =
          workspaces.create(
              ArrayType.ACTIVATION_GRAD, epsilon.dataType(), epsilon.shape(), epsilon.ordering());
      INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering());
      return new Pair<>(null, new INDArray[] {none, gradient});
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
    public void setBackpropGradientsViewArray(INDArray gradients) {}

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(
        INDArray[] masks, MaskState current, int minibatchSize) {
      return null;
    }

    @Override
    public String toString() {
      return "StepProbe";
    }
  }
}
