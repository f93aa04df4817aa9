package io.dropblock.nn;

import io.dropblock.cpu.ChannelsLastLoop;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * From maps {@code [n, c, h, w]} to {@code [n, h, w, c]}, which is a copy. In front of a network's
 * first layer it lets all of it run with the channels last, the order that our loops for
 * convolutions want, while its users hand in images as always.
 */
public final class ChannelsLast implements InputPreProcessor {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray preProcess(INDArray input, int samples, LayerWorkspaceMgr workspaces) {
    if (!ChannelsLastLoop.take(input)) {
      return workspaces.dup(ArrayType.ACTIVATIONS, input.permute(0, 2, 3, 1), 'c');
    }
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            input.dataType(),
            new long[] {input.size(0), input.size(2), input.size(3), input.size(1)},
            'c');
    ChannelsLastLoop.channelsLast(input, output);
    return output;
  }

  @Override
  public INDArray backprop(INDArray gradient, int samples, LayerWorkspaceMgr workspaces) {
    // null where the first layer was told that nobody reads it
    return gradient == null
        ? null
        : workspaces.dup(ArrayType.ACTIVATION_GRAD, gradient.permute(0, 3, 1, 2), 'c');
  }

  @Override
  public InputType getOutputType(InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional maps)
        || maps.getFormat() != CNN2DFormat.NCHW) {
      throw new IllegalStateException("Cannot put channels last: the input is " + input);
    }
    return InputType.convolutional(
        maps.getHeight(), maps.getWidth(), maps.getChannels(), CNN2DFormat.NHWC);
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int samples) {
    return new Pair<>(mask, state);
  }

  @Override
  public InputPreProcessor clone() {
    return new ChannelsLast();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelsLast;
  }

  @Override
  public int hashCode() {
    return ChannelsLast.class.hashCode();
  }
}
