package io.dropblock.nn.pyramid;

import io.dropblock.nn.ParameterlessVertex;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running vertex. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class UpsampleSumVertex extends ParameterlessVertex {
  private static final long serialVersionUID = 1L;

  private final Upsampling by;

  UpsampleSumVertex(
      Upsampling by, ComputationGraph graph, String name, int index, DataType dataType) {
    super(graph, name, index, dataType);
    this.by = by;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "Cannot add upsampled maps '%s': inputs missing", getVertexName()));
    }
    INDArray coarse = inputs[0];
    INDArray fine = inputs[1];
    requireFit(coarse, fine);
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, fine.dataType(), fine.shape(), 'c');
    by.add(coarse, fine, output);
    return output;
  }

  private void requireFit(INDArray coarse, INDArray fine) {
    if (coarse.rank() != 4
        || fine.rank() != 4
        || coarse.size(0) != fine.size(0)
        || coarse.size(3) != fine.size(3)
        || !by.fits(coarse.size(1), fine.size(1))
        || !by.fits(coarse.size(2), fine.size(2))) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot add upsampled maps '%s' (%s): %s and %s do not fit, [n, h, w, c] and [n, H,"
                  + " W, c] are needed",
              getVertexName(),
              by,
              Arrays.toString(coarse.shape()),
              Arrays.toString(fine.shape())));
    }
  }

  /**
   * The fine maps' gradient is a copy: DL4J may add other readers' gradients to what it is given.
   */
  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot add upsampled maps '%s': no error", getVertexName()));
    }
    INDArray coarse =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, epsilon.dataType(), inputs[0].shape(), 'c');
    by.backward(epsilon, coarse);
    INDArray fine = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, 'c');
    return new Pair<>(null, new INDArray[] {coarse, fine});
  }
}
