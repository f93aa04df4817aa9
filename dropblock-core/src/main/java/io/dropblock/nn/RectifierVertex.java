package io.dropblock.nn;

import java.util.Locale;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The running vertex. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class RectifierVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1L;

  RectifierVertex(ComputationGraph graph, String name, int index, DataType dataType) {
    super(graph, name, index, dataType);
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot rectify '%s': input missing", getVertexName()));
    }
    return Transforms.relu(workspaces.dup(ArrayType.ACTIVATIONS, inputs[0], 'c'), false);
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot rectify '%s': no error", getVertexName()));
    }
    INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, 'c');
    gradient.muli(inputs[0].gt(0).castTo(gradient.dataType()));
    return new Pair<>(null, new INDArray[] {gradient});
  }
}
