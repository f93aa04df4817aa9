package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;
import io.dropblock.op.DropBlockKernel;
import io.dropblock.op.DropMask;
import io.dropblock.op.MaskSettings;
import io.dropblock.op.Normalization;
import java.util.Locale;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running vertex: a feature is a map of one pixel. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class DropoutVertex extends ParameterlessVertex implements DropSite {
  private static final long serialVersionUID = 1L;

  private static final BlockGeometry PIXEL = new BlockGeometry(1, 1, 1, 1);

  private final transient DropBlockKernel kernel = DropBlockKernel.fastest();
  private final double keepProbability;
  private final transient SiteState state;

  DropoutVertex(
      ComputationGraph graph,
      String name,
      int index,
      double keepProbability,
      SiteState state,
      DataType dataType) {
    super(graph, name, index, dataType);
    this.keepProbability = keepProbability;
    this.state = state;
  }

  @Override
  public String name() {
    return getVertexName();
  }

  @Override
  public SiteState state() {
    return state;
  }

  @Override
  public boolean isScheduled() {
    return false;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot apply dropout '%s': no input", name()));
    }
    state.mask(training && keepProbability < 1 ? sample(inputs[0]) : null);
    return scaled(inputs[0], ArrayType.ACTIVATIONS, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot apply dropout '%s': no error", name()));
    }
    INDArray gradient = scaled(epsilon, ArrayType.ACTIVATION_GRAD, workspaces);
    return new Pair<>(null, new INDArray[] {gradient});
  }

  private DropMask sample(INDArray vectors) {
    var counters = graph.getConfiguration();
    DropBlockStep step = state.step(name(), counters.getIterationCount(), counters.getEpochCount());
    return kernel.sample(
        SiteState.key(step, name()),
        PIXEL,
        new MaskSettings(keepProbability, false, false, Normalization.NONE),
        Math.toIntExact(vectors.size(0)),
        Math.toIntExact(vectors.size(1)));
  }

  private INDArray scaled(INDArray vectors, ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray copy = workspaces.dup(type, vectors, 'c');
    if (state.mask() == null) {
      return copy;
    }
    INDArray maps = copy.reshape('c', copy.size(0), copy.size(1), 1, 1);
    kernel.apply(state.mask(), maps, maps);
    return copy.muli(1 / keepProbability);
  }

  @Override
  public void clear() {
    super.clear();
    state.clear();
  }
}
