package io.dropblock.model;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Stochastic gradient descent with Nesterov momentum and coupled L2 weight decay, as {@code
 * tensorflow/tpu: models/official/resnet/resnet_main.py} has it. The paper keeps its settings:
 * momentum 0.9, decay 1e-4.
 *
 * <p>Decay adds {@code weightDecay * w} to the gradient before the momentum. It covers convolution
 * kernels and the dense layer's kernel <em>and</em> bias, but no scale or shift of a batch
 * normalisation.
 *
 * <p>The learning rate is not here: it changes each step and is set from outside. Until then it is
 * 0, so that a network whose rate nobody sets visibly stands still.
 *
 * <p>Difference: DL4J keeps the rate inside the velocity, {@code v = m v - lr g}, TensorFlow
 * multiplies it in at the end, {@code w -= lr (g + m v)}. The two are equal while the rate is
 * constant; after a drop of the rate DL4J's steps stay larger for about {@code 1 / (1 - m)} steps.
 *
 * @param momentum share of the velocity that each step keeps, in [0, 1)
 * @param weightDecay L2 factor, at least 0
 */
public record Optimizer(double momentum, double weightDecay) {
  private static final double RATE_NOT_SET = 0;

  /** Checks the ranges. */
  public Optimizer {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("Invalid momentum: " + momentum + " is not in [0, 1)");
    }
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: " + weightDecay + " is not a finite number of at least 0");
    }
  }

  /** DL4J never decays batch normalisation, so global settings are enough. */
  NeuralNetConfiguration.Builder applyTo(NeuralNetConfiguration.Builder network) {
    return network
        .updater(new Nesterovs(RATE_NOT_SET, momentum))
        .l2(weightDecay)
        .l2Bias(weightDecay);
  }
}
