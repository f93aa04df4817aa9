package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Two images of 2 positions with 2 anchors each. */
class BoxLossTest {
  private static final double[] OWNED = {1, 0, 1, 0, 0, 0, 1, 1};
  private static final BoxLoss LOSS = new BoxLoss(.1, 50);

  /**
   * By PyTorch 1.13 in double: 50 * (huber_loss(codes, targets, reduction="none", delta=.1) *
   * (targets != 0)).sum() / (4 * (4 + 1)). Two targets of anchors with an object are 0.
   */
  private static final double SUM = 0.09399999999999997;

  private static final double[] GRADIENT = {
    0.1999999999999999,
    -0.10000000000000002,
    0.25,
    0,
    0,
    0,
    0,
    0,
    -0.10000000000000009,
    0,
    0,
    -0.25,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    -0.25,
    0.09999999999999995,
    -0.1999999999999999,
    0,
    -0.10000000000000002,
    0.25,
    0
  };

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isPyTorchs(DataType type) {
    INDArray codes = codes().castTo(type);
    INDArray gradient = Nd4j.valueArrayOf(codes.shape(), Double.NaN, type);
    double tolerance = type == DataType.DOUBLE ? 1e-14 : 1e-6;
    assertThat(LOSS.gradient(codes, labels().castTo(type), 1, gradient) / SUM)
        .isCloseTo(1, within(tolerance));
    assertThat(LOSS.loss(codes, labels().dup('f')) / SUM).isCloseTo(1, within(tolerance));
    assertThat(gradient.castTo(DataType.DOUBLE).data().asDouble())
        .containsExactly(GRADIENT, within(tolerance));
    LOSS.gradient(codes.dup('f'), labels(), 3, gradient);
    assertThat(gradient.getDouble(0, 0, 1)).isCloseTo(3 * GRADIENT[1], within(tolerance));
  }

  @Test
  void isNothingWhereNoAnchorHasAnObject() {
    INDArray gradient = Nd4j.valueArrayOf(codes().shape(), Double.NaN, DataType.DOUBLE);
    assertThat(LOSS.gradient(codes(), labels().assign(0), 2, gradient)).isZero();
    assertThat(gradient.amaxNumber().doubleValue()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"5, 0, 2, 0", "0, 0, 0, 4", "0, 0, .5, 4", "0, 0, NaN, 4", "5, 3, .25, 1"})
  void refusesALabelThatIsNoBox(int anchor, int number, double value, int codes) {
    INDArray labels = labels().putScalar(anchor / 4, anchor % 4, number, value);
    double first = number == 0 ? value : 0;
    assertThatThrownBy(() -> LOSS.loss(codes(), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compute the loss of anchor "
                + anchor
                + ": its label begins with "
                + first
                + " and has "
                + codes
                + " codes that are not 0; 1, or 0 and no code, is needed");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> LOSS.loss(codes(), labels().reshape(2, 5, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compare outputs [2, 2, 8] with labels [2, 5, 4]: [n, positions, anchors * 4]"
                + " and [n, positions * anchors, 5] are needed");
    BoxLoss loss = new BoxLoss(.1, 50);
    loss.setLayerName("boxes");
    assertThatThrownBy(() -> loss.getOutputType(0, InputType.recurrent(9, 5, RNNFormat.NWC)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot apply BoxLoss 'boxes' to")
        .hasMessageEndingWith("with a multiple of 4 outputs each");
    assertThatThrownBy(() -> new BoxLoss(0, 50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a BoxLoss: its delta is 0.0, a finite number above 0 is needed");
    assertThatThrownBy(() -> new BoxLoss(.1, Double.NaN)).hasMessageContaining("weight is NaN");
  }

  @Test
  void isEqualToItsLike() {
    BoxLoss same = new BoxLoss(.1, 50);
    assertThat(same).isEqualTo(LOSS).hasSameHashCodeAs(LOSS);
    assertThat(LOSS.clone()).isEqualTo(LOSS).isNotSameAs(LOSS);
    assertThat(LOSS).isNotEqualTo(new BoxLoss(.2, 50)).isNotEqualTo(new BoxLoss(.1, 49));
    same.setLayerName("other");
    assertThat(same).isNotEqualTo(LOSS);
  }

  private static INDArray codes() {
    double[] codes = new double[4 * OWNED.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = ((5 * i + 2) % 23 - 11) / 16.;
    }
    return Nd4j.createFromArray(codes).reshape(2, 2, 8);
  }

  private static INDArray labels() {
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, OWNED.length, 5);
    INDArray codes = codes();
    for (int i = 0; i < 4 * OWNED.length; i++) {
      double target = codes.getDouble(i) + ((3 * i + 1) % 7 - 3) / 25.;
      labels.putScalar(i / 4, 0, OWNED[i / 4]);
      labels.putScalar(i / 4, 1 + i % 4, OWNED[i / 4] * target);
    }
    labels.putScalar(2, 2, 0);
    labels.putScalar(7, 1, 0);
    return labels.reshape(2, 4, 5);
  }
}
