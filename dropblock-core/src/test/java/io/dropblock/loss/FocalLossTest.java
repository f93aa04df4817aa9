package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Two images of 3 positions with 2 anchors each, and 3 classes. In float, the loops in C. */
class FocalLossTest {
  private static final int CLASSES = 3;
  private static final double[] LABELS = {0, 2, -1, -1, 1, -1, 1, -1, 2, -1, 0, -1};
  private static final int OBJECTS = 6;
  private static final FocalLoss LOSS = new FocalLoss(CLASSES, .25, 1.5);

  /**
   * By torchvision 0.14 in double: sigmoid_focal_loss(logits, one-hot, alpha=.25, gamma=1.5,
   * reduction="sum") / 7.
   */
  private static final double SUM = 2863.84993731678;

  private static final double[] GRADIENT = {
    -0.03761694200537044,
    0.0004146156269309952,
    0.01391988292925911,
    0.08444091702835929,
    0.10714285714285714,
    -0.03571428571428571,
    1.155815158741435e-05,
    0.0007297390361367169,
    0.020385370504572134,
    0.09391247857453344,
    0.11649088385121859,
    0.11133572247862922,
    2.1287595779821786e-05,
    -0.03723108398166842,
    0.0286645673186908,
    0.10163197910329938,
    0.1160535500283689,
    0.11069055004450672,
    3.905271815474236e-05,
    -0.03571428571428571,
    0.038633046128248874,
    0.10752040871454446,
    0.11536567591599713,
    9.796169215246261e-07,
    7.128605986236999e-05,
    0.0035849662869609595,
    -0.009554855772896933,
    0.11169325194500526,
    0.1145501954732012,
    1.8204594033906535e-06,
    -0.03883029461707288,
    0.0058151528616194785,
    0.10714285714285714,
    0.1071428571432828,
    7.171603411748536e-34,
    3.377973593362607e-06
  };

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isTorchvisions(DataType type) {
    INDArray logits = logits().castTo(type);
    INDArray gradient = Nd4j.valueArrayOf(logits.shape(), Double.NaN, type);
    double tolerance = type == DataType.DOUBLE ? 1e-14 : 1e-6;
    assertThat(LOSS.gradient(logits, labels(), 1, gradient) / SUM).isCloseTo(1, within(tolerance));
    assertThat(LOSS.loss(logits, labels()) / SUM).isCloseTo(1, within(tolerance));
    assertThat(gradient.castTo(DataType.DOUBLE).data().asDouble())
        .containsExactly(GRADIENT, within(.2 * tolerance));
    LOSS.gradient(logits, labels(), 3, gradient);
    assertThat(gradient.getDouble(0, 0, 0)).isCloseTo(3 * GRADIENT[0], within(tolerance));
  }

  /** Before a network has learned, all its probabilities are 0.01. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void beginsAtTheFormula(DataType type) {
    INDArray logits = logits().castTo(type).assign(-Math.log((1 - .01) / .01));
    double others = logits.length() - OBJECTS;
    double needed =
        (OBJECTS * .25 * Math.pow(.99, 1.5) * -Math.log(.01)
                + others * .75 * Math.pow(.01, 1.5) * -Math.log(.99))
            / (OBJECTS + 1);
    assertThat(LOSS.loss(logits, labels()) / needed)
        .isCloseTo(1, within(type == DataType.DOUBLE ? 1e-14 : 1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, .7, 1, 1.5, 2, 5})
  void gradientIsThatOfFiniteDifferences(double gamma) {
    FocalLoss loss = new FocalLoss(CLASSES, .25, gamma);
    INDArray logits = logits();
    INDArray gradient = Nd4j.zeros(DataType.DOUBLE, logits.shape());
    loss.gradient(logits, labels(), 1, gradient);
    double step = 1e-5;
    for (int i = 0; i < logits.length(); i++) {
      double at = logits.getDouble(i);
      double above = loss.loss(logits.putScalar(i, at + step), labels());
      double below = loss.loss(logits.putScalar(i, at - step), labels());
      logits.putScalar(i, at);
      // the loss is some 1000, of which a double keeps 1e-13
      assertThat((above - below) / (2 * step))
          .as("logit %s", at)
          .isCloseTo(gradient.getDouble(i), within(1e-7));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isWeightedCrossEntropyWhereGammaIsNothing(DataType type) {
    double sum = 0;
    double[] logits = logits().data().asDouble();
    for (int i = 0; i < logits.length; i++) {
      boolean isClass = LABELS[i / CLASSES] == i % CLASSES;
      double z = isClass ? logits[i] : -logits[i];
      sum += (isClass ? .1 : .9) * (Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
    }
    double loss = new FocalLoss(CLASSES, .1, 0).loss(logits().castTo(type), labels());
    assertThat(loss * (OBJECTS + 1) / sum).isCloseTo(1, within(1e-6));
  }

  /** Where a probability is 0 in float, and in double. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void staysFiniteWhereProbabilitiesDoNot(DataType type) {
    INDArray logits =
        Nd4j.createFromArray(1e4, -1e4, -1e4, -1e4, 1e4, 1e4).castTo(type).reshape(1, 2, 3);
    INDArray labels = Nd4j.createFromArray(0., 0).reshape(1, 2);
    INDArray gradient = Nd4j.zeros(type, 1, 2, 3);
    double loss = LOSS.gradient(logits, labels, 3, gradient);
    assertThat(loss).isCloseTo((.25 + .75 + .75) * 1e4 / 3, within(1e-9 * 1e4));
    assertThat(gradient.castTo(DataType.DOUBLE).data().asDouble())
        .containsExactly(new double[] {0, 0, 0, -.25, .75, .75}, within(1e-7));
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"BYTE", "INT", "LONG", "FLOAT", "DOUBLE"})
  void isTheSameForEveryTypeAndOrderOfItsArrays(DataType type) {
    INDArray labels = labels().castTo(type).dup('f');
    assertThat(LOSS.loss(logits().dup('f'), labels)).isEqualTo(LOSS.loss(logits(), labels()));
    INDArray floats = logits().castTo(DataType.FLOAT);
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, floats.shape());
    INDArray other = Nd4j.zeros(DataType.FLOAT, floats.shape());
    double loss = LOSS.gradient(floats, labels(), 1, gradient);
    // columns first: by the definition
    assertThat(LOSS.gradient(floats.dup('f'), labels, 1, other) / loss).isCloseTo(1, within(1e-6));
    assertThat(other.sub(gradient).amaxNumber().doubleValue()).isLessThan(1e-7);
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, -2, 1.5, 1e10, Double.NaN})
  void refusesALabelThatIsNoClass(double label) {
    INDArray labels = labels().putScalar(5, label);
    assertThatThrownBy(() -> LOSS.loss(logits(), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compute the loss of anchor 5: its label is "
                + label
                + ", 0 to 2 or -1 (no object) is needed");
  }

  @Test
  void refusesArraysThatDoNotFit() {
    for (INDArray wrong : Arrays.asList(labels().reshape(2, 3, 2), labels().reshape(3, 4))) {
      assertThatThrownBy(() -> LOSS.loss(logits(), wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot compare outputs [2, 3, 6] with labels "
                  + Arrays.toString(wrong.shape())
                  + ": [n, positions, anchors * 3] and [n, positions * anchors] are needed");
    }
    assertThatThrownBy(() -> LOSS.loss(logits().reshape(2, 9, 2), labels()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LOSS.loss(logits().reshape(12, 3), labels()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesPositionsInARowOnly() {
    FocalLoss loss = new FocalLoss(CLASSES, .25, 1.5);
    loss.setLayerName("classes");
    InputType right = InputType.recurrent(6, 10, RNNFormat.NWC);
    assertThat(loss.getOutputType(0, right)).isEqualTo(right);
    for (InputType wrong :
        Arrays.asList(
            InputType.recurrent(6, 10, RNNFormat.NCW),
            InputType.recurrent(7, 10, RNNFormat.NWC),
            InputType.feedForward(6))) {
      assertThatThrownBy(() -> loss.getOutputType(0, wrong))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot apply FocalLoss 'classes' to "
                  + wrong
                  + ": positions in a row are needed, NWC, with a multiple of 3 outputs each");
    }
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new FocalLoss(0, .25, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a FocalLoss: the number of classes is 0, at least 1 is needed");
    assertThatThrownBy(() -> new FocalLoss(1, 1.25, 1.5))
        .hasMessage("Cannot make a FocalLoss: alpha is 1.25, in [0, 1] is needed");
    assertThatThrownBy(() -> new FocalLoss(1, .25, -.5))
        .hasMessage("Cannot make a FocalLoss: gamma is -0.5, finite and at least 0 is needed");
  }

  @Test
  void isEqualToItsLike() {
    FocalLoss same = new FocalLoss(CLASSES, .25, 1.5);
    assertThat(same).isEqualTo(LOSS).hasSameHashCodeAs(LOSS);
    assertThat(LOSS.clone()).isEqualTo(LOSS).isNotSameAs(LOSS);
    assertThat(LOSS)
        .isNotEqualTo(new FocalLoss(4, .25, 1.5))
        .isNotEqualTo(new FocalLoss(CLASSES, .5, 1.5))
        .isNotEqualTo(new FocalLoss(CLASSES, .25, 2));
    same.setLayerName("other");
    assertThat(same).isNotEqualTo(LOSS);
  }

  private static INDArray logits() {
    double[] logits = new double[LABELS.length * CLASSES];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = ((7 * i + 3) % 41 - 20) / 4.;
    }
    logits[4] = 1e4;
    logits[5] = -1e4;
    logits[19] = -1e4;
    logits[32] = 1e4;
    logits[33] = 30;
    logits[34] = -30;
    return Nd4j.createFromArray(logits).reshape(2, 3, 2 * CLASSES);
  }

  private static INDArray labels() {
    return Nd4j.createFromArray(LABELS).reshape(2, 6);
  }
}
