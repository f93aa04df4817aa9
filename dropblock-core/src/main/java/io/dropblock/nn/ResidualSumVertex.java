package io.dropblock.nn;

import io.dropblock.cpu.SumLoops;
import java.util.Locale;
import org.apache.commons.lang3.ArrayUtils;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The running vertex. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class ResidualSumVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1L;

  /** The last output; a layer that reads it may not have changed it where it is above 0. */
  private transient INDArray output;

  ResidualSumVertex(ComputationGraph graph, String name, int index, DataType dataType) {
    super(graph, name, index, dataType);
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot add '%s': inputs missing", getVertexName()));
    }
    INDArray a = inputs[0];
    INDArray b = inputs[1];
    output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, a.dataType(), a.shape(), 'c');
    if (SumLoops.take(a) && SumLoops.take(b)) {
      SumLoops.forward(a, b, output);
    } else {
      a.add(b, output);
      Transforms.relu(output, false);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot add '%s': no error", getVertexName()));
    }
    INDArray gradient = gradient(workspaces);
    INDArray other =
        mayShare() ? gradient : workspaces.dup(ArrayType.ACTIVATION_GRAD, gradient, 'c');
    return new Pair<>(null, new INDArray[] {gradient, other});
  }

  private INDArray gradient(LayerWorkspaceMgr workspaces) {
    INDArray gradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, epsilon.dataType(), epsilon.shape(), 'c');
    if (SumLoops.take(output) && SumLoops.take(epsilon)) {
      SumLoops.backward(output, epsilon, gradient);
    } else {
      epsilon.mul(output.gt(0).castTo(epsilon.dataType()), gradient);
    }
    return gradient;
  }

  /**
   * Whether both inputs may get the same array. DL4J adds the gradients of a vertex with several
   * readers up in the array that it was given first: at most one input may have several, and they
   * must add theirs when the other input has used its own.
   */
  private boolean mayShare() {
    int first = inputVertices[0].getVertexIndex();
    int second = inputVertices[1].getVertexIndex();
    return isAddedToAfter(first, second)
        && isAddedToAfter(second, first)
        && (readers(first) == 1 || readers(second) == 1);
  }

  private int readers(int vertex) {
    return graph.getVertices()[vertex].getNumOutputConnections();
  }

  private boolean isAddedToAfter(int vertex, int other) {
    int[] order = graph.topologicalSortOrder();
    int used = ArrayUtils.indexOf(order, other);
    for (VertexIndices reader : graph.getVertices()[vertex].getOutputVertices()) {
      int index = reader.getVertexIndex();
      if (index != getVertexIndex() && ArrayUtils.indexOf(order, index) > used) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void clear() {
    super.clear();
    output = null;
  }
}
