package io.dropblock.nn.pyramid;

import io.dropblock.cpu.ConvolutionLoops;
import io.dropblock.cpu.Finish;
import io.dropblock.cpu.PackedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A 3x3 convolution of maps {@code [n, h, w, c]}, dense in this order, that keeps their size; by
 * definition ND4J's. Its weights are packed once for all levels.
 */
final class SharedConvolution {
  private static final ConvolutionLoops LOOPS = new ConvolutionLoops(3, 3, 1, 1, 1, 1);

  /** Kernel, stride, padding, dilation; paddings are these; channels last; weights as they are. */
  private static final int[] ARGUMENTS = {3, 3, 1, 1, 1, 1, 1, 1, 0, 1, 1};

  private final INDArray weights;
  private final Optional<INDArray> bias;

  /** Null until they are needed, and where the loops do not take the weights. */
  private PackedWeights forward;

  private PackedWeights back;

  /**
   * @param weights {@code [out, in, 3, 3]}
   * @param bias {@code [out]}, if there is one
   */
  SharedConvolution(INDArray weights, Optional<INDArray> bias) {
    this.weights = weights;
    this.bias = bias;
  }

  /**
   * Takes the weights as they are now, for the passes forward that follow.
   *
   * @param kept whether they are those of before if they {@link PackedWeights#seemsToBe seem to be}
   */
  void pack(boolean kept) {
    if (forward == null) {
      forward = ConvolutionLoops.take(weights) ? LOOPS.pack(weights) : null;
    } else if (!kept || !forward.seemsToBe(weights)) {
      forward.replace(weights);
    }
  }

  /** Takes the weights as they are now, for the passes back that follow. */
  void packBack() {
    if (back == null) {
      back = ConvolutionLoops.take(weights) ? LOOPS.packBack(weights) : null;
    } else {
      back.replace(weights);
    }
  }

  /** Takes all weights anew next time. */
  void forgetPacked() {
    forward = null;
    back = null;
  }

  /**
   * @param y gets the result, {@code [n, h, w, out]}
   */
  void forward(INDArray x, INDArray y) {
    if (forward != null && ConvolutionLoops.take(x, y)) {
      LOOPS.forward(x, forward, new Finish(bias, Optional.empty(), false), y);
    } else {
      define(x, y);
    }
  }

  void define(INDArray x, INDArray y) {
    List<INDArray> read = new ArrayList<>(List.of(x, weights));
    bias.ifPresent(read::add);
    exec("conv2d", read, List.of(y));
  }

  /**
   * The gradients.
   *
   * @param x the input of the forward pass
   * @param dy the gradient at the output
   * @param dx gets the gradient at the input
   * @param dWeights gets the gradient at the weights
   * @param dBias gets the gradient at the bias, if that is wanted
   */
  void backward(INDArray x, INDArray dy, INDArray dx, INDArray dWeights, Optional<INDArray> dBias) {
    if (back != null && ConvolutionLoops.take(x, dy, dx, dWeights)) {
      LOOPS.backward(x, back, dy, Optional.of(dx), dWeights, dBias);
    } else {
      defineGradients(x, dy, dx, dWeights);
      dBias.ifPresent(sums -> sums.assign(dy.sum(0, 1, 2)));
    }
  }

  void defineGradients(INDArray x, INDArray dy, INDArray dx, INDArray dWeights) {
    exec("conv2d_bp", List.of(x, weights, dy), List.of(dx, dWeights));
  }

  private static void exec(String name, List<INDArray> from, List<INDArray> to) {
    Nd4j.exec(
        DynamicCustomOp.builder(name)
            .addInputs(from.toArray(INDArray[]::new))
            .addOutputs(to.toArray(INDArray[]::new))
            .addIntegerArguments(ARGUMENTS)
            .build());
  }
}
