package io.dropblock.nn.pyramid;

import io.dropblock.cpu.NormLoops;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation of maps {@code [n, h, w, c]}, dense in this order, and a ReLU behind it.
 *
 * @param gamma scale, shift and statistics, {@code [c]} each; those of a batch in training, of
 *     which the variance is that of a population, else the moving ones
 * @param epsilon added to the variance
 */
record LevelNorm(INDArray gamma, INDArray beta, INDArray mean, INDArray variance, double epsilon) {

  /**
   * @param y gets the result; {@code x} itself or memory of its own
   * @param training whether the statistics are those of {@code x}, and are written
   */
  void forward(INDArray x, INDArray y, boolean training) {
    if (NormLoops.take(x) && NormLoops.take(y)) {
      loops().forward(x, y, training);
    } else {
      define(x, y, training);
    }
  }

  void define(INDArray x, INDArray y, boolean training) {
    if (training) {
      mean.assign(x.mean(0, 1, 2));
      INDArray distance = x.sub(row(mean));
      variance.assign(distance.mul(distance).mean(0, 1, 2));
    }
    y.assign(Transforms.relu(normalized(x).muli(row(gamma)).addi(row(beta)), false));
  }

  /**
   * The gradients of a training pass.
   *
   * @param x the input of the forward pass
   * @param dy the gradient behind the ReLU
   * @param dx gets the gradient at the input; memory of its own
   * @param dGamma gets the gradient at gamma, and {@code dBeta} at beta
   */
  void backward(INDArray x, INDArray dy, INDArray dx, INDArray dGamma, INDArray dBeta) {
    if (NormLoops.take(x) && NormLoops.take(dy) && NormLoops.take(dx)) {
      loops().backward(x, dy, dx, dGamma, dBeta);
    } else {
      defineGradients(x, dy, dx, dGamma, dBeta);
    }
  }

  void defineGradients(INDArray x, INDArray dy, INDArray dx, INDArray dGamma, INDArray dBeta) {
    INDArray normalized = normalized(x);
    INDArray d = passed(normalized).muli(dy);
    INDArray product = d.mul(normalized);
    dBeta.assign(d.sum(0, 1, 2));
    dGamma.assign(product.sum(0, 1, 2));
    INDArray scale = gamma.div(deviation());
    dx.assign(
        d.sub(row(d.mean(0, 1, 2)))
            .subi(normalized.muli(row(product.mean(0, 1, 2))))
            .muli(row(scale)));
  }

  /**
   * The gradients of a pass by the moving statistics; the arguments are those of {@link #backward}.
   */
  void frozenGradients(INDArray x, INDArray dy, INDArray dx, INDArray dGamma, INDArray dBeta) {
    INDArray normalized = normalized(x);
    INDArray d = passed(normalized).muli(dy);
    dBeta.assign(d.sum(0, 1, 2));
    dGamma.assign(d.mul(normalized).sum(0, 1, 2));
    dx.assign(d.muli(row(gamma.div(deviation()))));
  }

  /** 1 where the ReLU lets something through, 0 elsewhere. */
  private INDArray passed(INDArray normalized) {
    return normalized.mul(row(gamma)).addi(row(beta)).gt(0).castTo(normalized.dataType());
  }

  private INDArray normalized(INDArray x) {
    return x.sub(row(mean)).divi(row(deviation()));
  }

  private INDArray deviation() {
    return Transforms.sqrt(variance.add(epsilon), false);
  }

  private static INDArray row(INDArray values) {
    return values.reshape(1, 1, 1, values.length());
  }

  private NormLoops loops() {
    return new NormLoops(gamma, beta, mean, variance, epsilon, true, true);
  }
}
