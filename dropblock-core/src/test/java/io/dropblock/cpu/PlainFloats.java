package io.dropblock.cpu;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution by definition in float, one sum after the other. */
final class PlainFloats {
  private PlainFloats() {}

  static INDArray forward(ConvolutionLoops loops, INDArray x, INDArray weights, long[] shape) {
    float[] xs = x.reshape(x.length()).toFloatVector();
    float[] ws = weights.reshape(weights.length()).toFloatVector();
    float[] y = new float[(int) (shape[0] * shape[1] * shape[2] * shape[3])];
    Definition.forEachProduct(
        loops, x.shape(), shape, (at, from, weight) -> y[at] += xs[from] * ws[weight]);
    return Nd4j.createFromArray(y).reshape(shape);
  }
}
