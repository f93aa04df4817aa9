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
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;

/** The running vertex: one factor a sample, 0 or {@code 1 / keepProbability}. */
@SuppressWarnings("overrides") // as in ParameterlessVertex
final class DropPathVertex extends ParameterlessVertex implements DropSite {
  private static final long serialVersionUID = 1L;

  /** A sample is a map of one pixel: the op draws one number for it. */
  private static final BlockGeometry SAMPLE = new BlockGeometry(1, 1, 1, 1);

  private final transient DropBlockKernel kernel = DropBlockKernel.fastest();
  private final transient SiteState state;
  private double[] factors;

  DropPathVertex(
      ComputationGraph graph, String name, int index, SiteState state, DataType dataType) {
    super(graph, name, index, dataType);
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
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    if (!canDoForward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot apply DropPath '%s': no input", name()));
    }
    INDArray input = inputs[0];
    factors = state.isActive(training) ? sample(Math.toIntExact(input.size(0))) : null;
    if (factors == null) {
      state.mask(null);
      // A copy, unless nobody needs the input any more: the next layer may work in place.
      return !training && isOnlyReader()
          ? workspaces.leverageTo(ArrayType.ACTIVATIONS, input)
          : workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
    }
    return scaled(input, ArrayType.ACTIVATIONS, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    if (!canDoBackward()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "Cannot apply DropPath '%s': no error", name()));
    }
    INDArray gradient =
        factors == null
            ? workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, epsilon)
            : scaled(epsilon, ArrayType.ACTIVATION_GRAD, workspaces);
    return new Pair<>(null, new INDArray[] {gradient});
  }

  private double[] sample(int samples) {
    var counters = graph.getConfiguration();
    DropBlockStep step = state.step(name(), counters.getIterationCount(), counters.getEpochCount());
    double keepProbability = step.keepProbability();
    if (keepProbability >= 1) {
      return null;
    }
    var settings = new MaskSettings(keepProbability, false, false, Normalization.NONE);
    DropMask mask = kernel.sample(SiteState.key(step, name()), SAMPLE, settings, samples, 1);
    state.mask(mask);
    double[] drawn = new double[samples];
    for (int sample = 0; sample < samples; sample++) {
      drawn[sample] = mask.keeps(sample, 0, 0, 0) ? 1 / keepProbability : 0;
    }
    return drawn;
  }

  private INDArray scaled(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray output = workspaces.createUninitialized(type, array.dataType(), array.shape(), 'c');
    INDArray factor = Nd4j.createFromArray(factors).castTo(array.dataType());
    return Nd4j.exec(new BroadcastMulOp(array, factor, output, 0));
  }

  private boolean isOnlyReader() {
    var source = graph.getVertices()[inputVertices[0].getVertexIndex()];
    return !source.isInputVertex() && source.getNumOutputConnections() == 1;
  }

  @Override
  public void clear() {
    super.clear();
    factors = null;
    state.clear();
  }
}
