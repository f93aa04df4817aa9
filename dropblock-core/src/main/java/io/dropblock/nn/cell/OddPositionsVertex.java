package io.dropblock.nn.cell;

import io.dropblock.nn.ParameterlessVertex;
import java.util.Locale;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The running vertex. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class OddPositionsVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1L;

  OddPositionsVertex(ComputationGraph graph, String name, int index, DataType dataType) {
    super(graph, name, index, dataType);
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot take odd pixels '%s': no input", getVertexName()));
    }
    INDArray maps = inputs[0];
    INDArray output =
        workspaces.create(
            ArrayType.ACTIVATIONS,
            maps.dataType(),
            new long[] {maps.size(0), (maps.size(1) + 1) / 2, (maps.size(2) + 1) / 2, maps.size(3)},
            'c');
    if (isAny()) {
      within(output).assign(odd(maps));
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot take odd pixels '%s': no error", getVertexName()));
    }
    INDArray gradient =
        workspaces.create(ArrayType.ACTIVATION_GRAD, epsilon.dataType(), inputs[0].shape(), 'c');
    if (isAny()) {
      odd(gradient).assign(within(epsilon));
    }
    return new Pair<>(null, new INDArray[] {gradient});
  }

  /** A map of one row or column has no odd pixel. */
  private boolean isAny() {
    return inputs[0].size(1) > 1 && inputs[0].size(2) > 1;
  }

  /** The pixels of the output that lie within the input. */
  private INDArray within(INDArray halved) {
    return halved.get(
        NDArrayIndex.all(),
        NDArrayIndex.interval(0, inputs[0].size(1) / 2),
        NDArrayIndex.interval(0, inputs[0].size(2) / 2),
        NDArrayIndex.all());
  }

  private static INDArray odd(INDArray maps) {
    return maps.get(NDArrayIndex.all(), odd(maps.size(1)), odd(maps.size(2)), NDArrayIndex.all());
  }

  /** ND4J 1.0.0-M2.1 refuses an interval that is shorter than its stride. */
  private static INDArrayIndex odd(long side) {
    return side == 2 ? NDArrayIndex.interval(1, 2) : NDArrayIndex.interval(1, 2, side);
  }
}
