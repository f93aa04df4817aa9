package io.dropblock.nn;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * From maps {@code [n, h, w, c]} to {@code [n, c, h, w]}, which is a copy: the way back of {@link
 * ChannelsLast}, for layers that want the channels first.
 */
public final class ChannelsFirst implements InputPreProcessor {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray preProcess(INDArray input, int samples, LayerWorkspaceMgr workspaces) {
    return workspaces.dup(ArrayType.ACTIVATIONS, input.permute(0, 3, 1, 2), 'c');
  }

  @Override
  public INDArray backprop(INDArray gradient, int samples, LayerWorkspaceMgr workspaces) {
    return workspaces.dup(ArrayType.ACTIVATION_GRAD, gradient.permute(0, 2, 3, 1), 'c');
  }

  @Override
  public InputType getOutputType(InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional maps)
        || maps.getFormat() != CNN2DFormat.NHWC) {
      throw new IllegalStateException("Cannot put channels first: the input is " + input);
    }
    return InputType.convolutional(
        maps.getHeight(), maps.getWidth(), maps.getChannels(), CNN2DFormat.NCHW);
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int samples) {
    return new Pair<>(mask, state);
  }

  @Override
  public InputPreProcessor clone() {
    return new ChannelsFirst();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelsFirst;
  }

  @Override
  public int hashCode() {
    return ChannelsFirst.class.hashCode();
  }
}
