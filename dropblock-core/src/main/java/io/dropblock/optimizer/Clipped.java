package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.OptimizerSettings;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Another optimiser that gets no gradient longer than a threshold:
 *
 * <pre>{@code
 * gradient = gradient * min(1, norm / (|gradient| + 1e-6))
 * }</pre>
 *
 * <p>The length is that of the mean gradient of the step, over all samples and ranks, as one vector
 * of all parameters that are trained; frozen ones and moving statistics have no part in it. So does
 * PyTorch's {@code clip_grad_norm_}: weight decay comes behind it and is not clipped. In
 * TensorFlow's AmoebaNet the decay is a part of the loss, so that it is clipped, too.
 *
 * <p>It takes {@link OnePassUpdater}, which sees the whole gradient; DL4J's own updater refuses to
 * train without it. All vertices of a network that are trained must have the same threshold.
 *
 * @param optimizer any but a clipped or frozen one
 * @param norm the threshold, above 0
 */
public record Clipped(Optimizer optimizer, double norm) implements Optimizer {

  /**
   * @throws IllegalArgumentException if the threshold is out of range, or there is nothing to clip
   */
  public Clipped {
    if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid clipping: a norm of " + norm + " is not a finite number above 0");
    }
    if (optimizer instanceof Clipped || optimizer instanceof Frozen) {
      throw new IllegalArgumentException("Cannot clip the gradient of " + optimizer);
    }
  }

  @Override
  public WeightDecay decay() {
    return optimizer.decay();
  }

  @Override
  public IUpdater updater() {
    return ((OptimizerSettings) optimizer.updater()).clippedBy(norm);
  }
}
