package io.dropblock.cpu;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution and its gradients by definition: every product, in double. */
final class Definition {
  final double[] y;
  final double[] dx;
  final double[] dWeights;

  Definition(ConvolutionLoops loops, INDArray x, INDArray weights, INDArray dy) {
    double[] xs = ConvolutionLoopsTest.doubles(x);
    double[] ws = ConvolutionLoopsTest.doubles(weights);
    double[] dys = ConvolutionLoopsTest.doubles(dy);
    y = new double[dys.length];
    dx = new double[xs.length];
    dWeights = new double[ws.length];
    forEachProduct(
        loops,
        x.shape(),
        dy.shape(),
        (at, from, weight) -> {
          y[at] += xs[from] * ws[weight];
          dx[from] += dys[at] * ws[weight];
          dWeights[weight] += dys[at] * xs[from];
        });
  }

  /** Where the elements of a product are in y, x and the weights. */
  interface Product {
    void of(int y, int x, int weight);
  }

  static void forEachProduct(ConvolutionLoops loops, long[] x, long[] y, Product product) {
    int at = 0;
    for (int sample = 0; sample < y[0]; sample++) {
      for (int row = 0; row < y[1]; row++) {
        for (int column = 0; column < y[2]; column++) {
          for (int output = 0; output < y[3]; output++, at++) {
            forEachTap(loops, x, sample, row, column, output, at, product);
          }
        }
      }
    }
  }

  private static void forEachTap(
      ConvolutionLoops loops,
      long[] x,
      int sample,
      int row,
      int column,
      int output,
      int at,
      Product product) {
    for (int i = 0; i < loops.kernelHeight(); i++) {
      for (int j = 0; j < loops.kernelWidth(); j++) {
        long fromRow = (long) row * loops.strideHeight() - loops.padTop() + i;
        long fromColumn = (long) column * loops.strideWidth() - loops.padLeft() + j;
        if (fromRow < 0 || fromRow >= x[1] || fromColumn < 0 || fromColumn >= x[2]) {
          continue;
        }
        for (int input = 0; input < x[3]; input++) {
          long from = ((sample * x[1] + fromRow) * x[2] + fromColumn) * x[3] + input;
          long weight =
              ((output * x[3] + input) * loops.kernelHeight() + i) * loops.kernelWidth() + j;
          product.of(at, (int) from, (int) weight);
        }
      }
    }
  }
}
