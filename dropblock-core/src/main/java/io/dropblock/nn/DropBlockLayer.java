package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;
import io.dropblock.op.DropBlockKernel;
import io.dropblock.op.DropMask;
import io.dropblock.op.MaskKey;
import io.dropblock.op.MaskSettings;
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

/** The running layer: draws a mask in the forward pass and keeps it for the backward pass. */
final class DropBlockLayer extends AbstractLayer<DropBlock> {
  private static final long serialVersionUID = 1L;

  private final transient DropBlockKernel kernel = DropBlockKernel.fastest();
  private transient DropBlockStep step;
  private transient DropMask mask;
  private double keptFraction = 1;
  private boolean activeAtInference;

  DropBlockLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
    activeAtInference = layerConf().activeAtInference();
  }

  void step(DropBlockStep next) {
    step = next;
  }

  void activeAtInference(boolean active) {
    activeAtInference = active;
  }

  String name() {
    String name = layerConf().getLayerName();
    return name == null ? "layer" + getIndex() : name;
  }

  /** The realised share of kept elements in the last forward pass; 1 if it dropped nothing. */
  double keptFraction() {
    return keptFraction;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    mask = training || activeAtInference ? sample() : null;
    keptFraction = mask == null ? 1 : mask.keptFraction();
    if (mask == null) {
      // A copy, unless we alone read the input: the next layer may work in place.
      return inputModificationAllowed
          ? workspaces.leverageTo(ArrayType.ACTIVATIONS, input)
          : workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
    }
    return masked(input, ArrayType.ACTIVATIONS, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray gradient =
        mask == null
            ? workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, epsilon)
            : masked(epsilon, ArrayType.ACTIVATION_GRAD, workspaces);
    return new Pair<>(new DefaultGradient(), gradient);
  }

  private DropMask sample() {
    if (step == null) {
      throw new IllegalStateException(
          "Cannot apply DropBlock '%s': no keep probability is set; call DropBlockSites.set before"
              .formatted(name()));
    }
    double keepProbability = 1 - (1 - step.keepProbability()) * layerConf().dropScale();
    if (keepProbability >= 1) {
      return null;
    }
    INDArray map = channelsFirst(input);
    BlockGeometry geometry =
        BlockGeometry.clipped(
            Math.toIntExact(map.size(2)),
            Math.toIntExact(map.size(3)),
            layerConf().blockHeight(),
            layerConf().blockWidth());
    MaskKey key = new MaskKey(step.seed(), MaskKey.layer(name()), step.step(), step.firstSample());
    return kernel.sample(
        key,
        geometry,
        MaskSettings.of(keepProbability),
        Math.toIntExact(map.size(0)),
        Math.toIntExact(map.size(1)));
  }

  private INDArray masked(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray output = workspaces.createUninitialized(type, array.dataType(), array.shape(), 'c');
    kernel.apply(mask, channelsFirst(array), channelsFirst(output));
    return output;
  }

  private INDArray channelsFirst(INDArray array) {
    return layerConf().format() == CNN2DFormat.NHWC ? array.permute(0, 3, 1, 2) : array;
  }

  @Override
  public void clear() {
    super.clear();
    mask = null;
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
