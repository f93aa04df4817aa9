package io.dropblock.bench.separable;

import io.dropblock.cpu.ConvolutionLoops;
import io.dropblock.cpu.DepthwiseLoops;
import io.dropblock.cpu.Finish;
import io.dropblock.cpu.PackedWeights;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The arrays of a case, and its passes over them. */
final class SeparableWork {
  private static final ConvolutionLoops POINTWISE = new ConvolutionLoops(1, 1, 1, 1, 0, 0);

  private final DepthwiseLoops depthwise;
  private final INDArray x;
  private final INDArray kernels;
  private final INDArray between;
  private final INDArray weights;
  private final PackedWeights packed;
  private final INDArray y;
  private final INDArray dx;
  private final INDArray dKernels;
  private final INDArray dBetween;
  private final INDArray dWeights;

  /** Random numbers of deviation 1. */
  SeparableWork(SeparableCase what, int batch) {
    int padding = what.padding();
    depthwise =
        new DepthwiseLoops(what.kernel(), what.kernel(), what.stride(), padding, padding, true);
    x = Nd4j.randn(DataType.FLOAT, batch, what.side(), what.side(), what.channels());
    kernels = Nd4j.randn(DataType.FLOAT, what.kernel(), what.kernel(), what.channels(), 1);
    weights = Nd4j.randn(DataType.FLOAT, what.channels(), what.channels(), 1, 1);
    packed = POINTWISE.pack(weights);
    between = Nd4j.create(DataType.FLOAT, batch, what.outSide(), what.outSide(), what.channels());
    y = Nd4j.randn(DataType.FLOAT, between.shape());
    dx = Nd4j.create(DataType.FLOAT, x.shape());
    dKernels = Nd4j.create(DataType.FLOAT, kernels.shape());
    dBetween = Nd4j.create(DataType.FLOAT, between.shape());
    dWeights = Nd4j.create(DataType.FLOAT, weights.shape());
  }

  /** As an evaluation does it, which packs the weights of the 1x1 convolution once. */
  void forward() {
    depthwise.forward(x, kernels, between);
    POINTWISE.forward(between, packed, Finish.NONE, y);
  }

  /**
   * Forward, and back to all gradients; that at the output is the output. As a training step, which
   * packs new weights.
   */
  void both() {
    depthwise.forward(x, kernels, between);
    POINTWISE.forward(between, weights, Finish.NONE, y);
    POINTWISE.backward(between, weights, y, Optional.of(dBetween), dWeights, Optional.empty());
    depthwise.backward(x, kernels, dBetween, Optional.of(dx), dKernels);
  }
}
