package io.dropblock.nn;

import io.dropblock.op.DropBlockKernel;
import io.dropblock.op.DropMask;
import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** The running layer: draws a mask in the forward pass and keeps it for the backward pass. */
final class DropBlockLayer extends AbstractLayer<DropBlock> implements DropSite {
  private static final long serialVersionUID = 1L;

  private final transient DropBlockKernel kernel = DropBlockKernel.fastest();
  private final transient SiteState state;
  private boolean ownsInput;

  DropBlockLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
    DropBlock layer = layerConf();
    state =
        new SiteState("DropBlock", layer.dropScale(), layer.ownSchedule(), configuration.getSeed());
    state.activeAtInference(layer.activeAtInference());
  }

  /**
   * Allows to overwrite the input while training. DL4J's own {@code inputModificationAllowed} does
   * not suffice: it is set, too, where another layer has read the input before and reads it again
   * for its gradient.
   */
  void ownInput() {
    ownsInput = true;
  }

  @Override
  public String name() {
    String name = layerConf().getLayerName();
    return name == null ? "layer" + getIndex() : name;
  }

  @Override
  public SiteState state() {
    return state;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    DropMask mask = state.isActive(training) ? sample() : null;
    state.mask(mask);
    if (mask == null) {
      // A copy, unless nobody needs the input any more: the next layer may work in place.
      return inputModificationAllowed && (ownsInput || !training)
          ? workspaces.leverageTo(ArrayType.ACTIVATIONS, input)
          : workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
    }
    if (training && ownsInput && inputModificationAllowed && isPlain(input)) {
      INDArray output = workspaces.leverageTo(ArrayType.ACTIVATIONS, input);
      return apply(mask, output, output);
    }
    return masked(mask, input, ArrayType.ACTIVATIONS, workspaces);
  }

  /**
   * Never in place: DL4J wants each layer's gradient in a workspace of its own, and without
   * workspaces the epsilon may be the caller's.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray gradient =
        state.mask() == null
            ? workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, epsilon)
            : masked(state.mask(), epsilon, ArrayType.ACTIVATION_GRAD, workspaces);
    return new Pair<>(new DefaultGradient(), gradient);
  }

  private DropMask sample() {
    DropBlockStep step = state.step(name(), getIterationCount(), getEpochCount());
    if (step.keepProbability() >= 1) {
      return null;
    }
    if (input.rank() != 4) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply DropBlock '%s': its input has %d dimensions, maps have 4",
              name(),
              input.rank()));
    }
    return DropBlockSite.sample(kernel, layerConf(), step, name(), channelsFirst(input));
  }

  private INDArray masked(
      DropMask mask, INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
    if (!isPlain(array)) {
      INDArray copy = workspaces.dup(type, array, 'c');
      return apply(mask, copy, copy);
    }
    INDArray output = workspaces.createUninitialized(type, array.dataType(), array.shape(), 'c');
    return apply(mask, array, output);
  }

  private INDArray apply(DropMask mask, INDArray from, INDArray to) {
    kernel.apply(mask, channelsFirst(from), channelsFirst(to));
    return to;
  }

  /** Whether the elements lie one behind the other in the order of the dimensions. */
  private static boolean isPlain(INDArray array) {
    return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
  }

  private INDArray channelsFirst(INDArray array) {
    return layerConf().format() == CNN2DFormat.NHWC ? array.permute(0, 3, 1, 2) : array;
  }

  @Override
  public void clear() {
    super.clear();
    state.clear();
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // has no weights
  }
}
