package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WeightedLossTest {
  private static final ActivationSoftmax SOFTMAX = new ActivationSoftmax();

  @Test
  void multipliesLossAndGradient() {
    var plain = new SmoothedCrossEntropy(.1);
    var weighted = new WeightedLoss(plain, .4);
    INDArray logits = Nd4j.rand(DataType.DOUBLE, 3, 4);
    INDArray labels = Nd4j.createFromArray(0.0, 2, 3).reshape(3, 1);
    double loss = plain.computeScore(labels, logits.dup(), SOFTMAX, null, true);
    INDArray gradient = plain.computeGradient(labels, logits.dup(), SOFTMAX, null);
    assertThat(weighted.computeScore(labels, logits.dup(), SOFTMAX, null, true))
        .isCloseTo(.4 * loss, within(1e-12));
    assertThat(
            weighted
                .computeScoreArray(labels, logits.dup(), SOFTMAX, null)
                .sumNumber()
                .doubleValue())
        .isCloseTo(3 * .4 * loss, within(1e-12));
    assertThat(weighted.computeGradient(labels, logits.dup(), SOFTMAX, null))
        .isEqualTo(gradient.mul(.4));
    var both = weighted.computeGradientAndScore(labels, logits.dup(), SOFTMAX, null, true);
    assertThat(both.getFirst()).isCloseTo(.4 * loss, within(1e-12));
    assertThat(both.getSecond()).isEqualTo(gradient.mul(.4));
  }

  @Test
  void refusesWeightsThatAreNone() {
    for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new WeightedLoss(new SmoothedCrossEntropy(0), weight))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid weight of a loss: " + weight + " is not a finite number above 0");
    }
  }
}
