package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.shade.jackson.core.JsonProcessingException;

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

  /** What is handed in goes on to the loss as it is. */
  @Test
  void hasTheMaskAndTheSum() {
    var plain = new LossMSE();
    var weighted = new WeightedLoss(plain, .4);
    INDArray logits = Nd4j.rand(DataType.DOUBLE, 3, 4);
    INDArray labels = Nd4j.rand(DataType.DOUBLE, 3, 4);
    INDArray mask = Nd4j.createFromArray(1.0, 0, 1).reshape(3, 1);
    for (boolean average : new boolean[] {true, false}) {
      double loss = plain.computeScore(labels, logits.dup(), SOFTMAX, mask, average);
      assertThat(weighted.computeScore(labels, logits.dup(), SOFTMAX, mask, average))
          .isCloseTo(.4 * loss, within(1e-12));
      var both = weighted.computeGradientAndScore(labels, logits.dup(), SOFTMAX, mask, average);
      assertThat(both.getFirst()).isCloseTo(.4 * loss, within(1e-12));
      assertThat(both.getSecond())
          .isEqualTo(plain.computeGradient(labels, logits.dup(), SOFTMAX, mask).mul(.4));
    }
    assertThat(weighted.computeGradient(labels, logits.dup(), SOFTMAX, mask).getRow(1).sumNumber())
        .isEqualTo(0.0);
    assertThat(weighted.computeScoreArray(labels, logits.dup(), SOFTMAX, mask).getDouble(1))
        .isZero();
  }

  @Test
  void comesBackFromJson() throws JsonProcessingException {
    ILossFunction weighted = new WeightedLoss(new SmoothedCrossEntropy(.1), .4);
    var mapper = NeuralNetConfiguration.mapper();
    assertThat(mapper.readValue(mapper.writeValueAsString(weighted), ILossFunction.class))
        .isEqualTo(weighted)
        .isNotEqualTo(new WeightedLoss(new SmoothedCrossEntropy(.1), .3))
        .isNotEqualTo(new WeightedLoss(new SmoothedCrossEntropy(.2), .4));
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
