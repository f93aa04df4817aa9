package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.InRange;
import io.dropblock.optimizer.settings.RmsPropSettings;

/**
 * RMSProp with momentum, as TensorFlow's {@code RMSPropOptimizer} has it ({@code
 * tensorflow/tensorflow: tensorflow/python/training/rmsprop.py}, not centred):
 *
 * <pre>{@code
 * g = gradient + decay * w
 * s = squareDecay * s + (1 - squareDecay) * g^2       begins at 1
 * m = momentum * m + rate * g / sqrt(s + epsilon)     begins at 0
 * w = w - m
 * }</pre>
 *
 * <p>Three things differ from PyTorch's {@code RMSprop}: the mean square begins at 1 and not at 0,
 * which would make the first steps larger; epsilon is inside of the root; and the rate is a part of
 * what momentum keeps. By the third a drop of the rate acts over about {@code 1 / (1 - momentum)}
 * steps, and not at once as with {@link Momentum}. It is so because the rates of AmoebaNet, with
 * decay 0.9, momentum 0.9 and epsilon 1, were found with this form: with another one they mean
 * something else.
 *
 * @param squareDecay share of the mean square that each step keeps, in [0, 1)
 * @param momentum share of the last step that each step repeats, in [0, 1)
 * @param epsilon added to the mean square, above 0
 * @param decay the weight decay
 */
public record RmsProp(double squareDecay, double momentum, double epsilon, WeightDecay decay)
    implements Optimizer {

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public RmsProp {
    InRange.share("decay of the mean square", squareDecay);
    InRange.share("momentum", momentum);
    InRange.epsilon(epsilon);
  }

  @Override
  public RmsPropSettings updater() {
    return new RmsPropSettings(squareDecay, momentum, epsilon);
  }
}
