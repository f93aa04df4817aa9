package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class SmoothedCrossEntropyTest {
  private static final IActivation SOFTMAX = new ActivationSoftmax();
  private static final INDArray LOGITS =
      Nd4j.createFromArray(new double[][] {{1, -2, .5, 3}, {0, 0, 0, 0}, {-40, 900, 2, 1}});
  private static final INDArray LABELS = Nd4j.createFromArray(new float[][] {{3}, {0}, {2}});
  private static final INDArray PAIRS =
      Nd4j.createFromArray(new float[][] {{3, 1, .25f}, {0, 0, .7f}, {2, 1, .5f}});

  /**
   * From torch.nn.functional.cross_entropy(..., label_smoothing=s, reduction='none'), in double.
   */
  @Test
  void isPyTorchs() {
    assertThat(losses(0))
        .containsExactly(
            new double[] {0.20225344767935172, 1.3862943611198906, 898}, within(1e-12));
    assertThat(losses(.1))
        .containsExactly(
            new double[] {0.43975344767935176, 1.3862943611198906, 876.625}, within(1e-12));
  }

  private static double[] losses(double smoothing) {
    return losses(smoothing, LABELS);
  }

  private static double[] losses(double smoothing, INDArray labels) {
    return new SmoothedCrossEntropy(smoothing)
        .computeScoreArray(labels, LOGITS, SOFTMAX, null)
        .toDoubleVector();
  }

  /**
   * From torch.nn.functional.cross_entropy(logits, target, label_smoothing=s, reduction='none') in
   * double, where target has the weight at the first and 1 - weight more at the second class.
   */
  @Test
  void ofMixedImagesIsPyTorchsOfSoftTargets() {
    assertThat(losses(0, PAIRS))
        .containsExactly(new double[] {3.952253447679352, 1.3862943611198906, 449}, within(1e-12));
    assertThat(losses(.1, PAIRS))
        .containsExactly(
            new double[] {3.8147534476793523, 1.3862943611198906, 472.525}, within(1e-12));
    double[][] gradients = {
      {0.08555375036173923, -0.6944958528724164, 0.04205423914061148, 0.5668878633700657},
      {-0.675, 0.225, 0.225, 0.225},
      {-0.025, 0.5249999999999999, -0.47500000000000003, -0.025}
    };
    INDArray gradient = new SmoothedCrossEntropy(.1).computeGradient(PAIRS, LOGITS, SOFTMAX, null);
    for (int image = 0; image < gradients.length; image++) {
      assertThat(gradient.getRow(image).toDoubleVector())
          .containsExactly(gradients[image], within(1e-12));
    }
  }

  /** The loss of a mix is the mix of the losses. */
  @ParameterizedTest
  @ValueSource(doubles = {0, .1})
  void aWeightOfOneOrNoneIsAClass(double smoothing) {
    INDArray first = Nd4j.createFromArray(new float[][] {{3, 1, 1}, {0, 2, 1}, {2, 3, 1}});
    INDArray second = Nd4j.createFromArray(new float[][] {{1, 3, 0}, {2, 0, 0}, {3, 2, 0}});
    assertThat(losses(smoothing, first)).containsExactly(losses(smoothing), within(1e-12));
    assertThat(losses(smoothing, second)).containsExactly(losses(smoothing), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(floats = {-.1f, 1.1f, Float.NaN})
  void refusesAWeightThatIsNoShare(float weight) {
    INDArray labels = PAIRS.dup().putScalar(1, 2, weight);
    assertThatThrownBy(
            () -> new SmoothedCrossEntropy(0).computeGradient(labels, LOGITS, SOFTMAX, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot learn mixed labels: weight "
                + (double) weight
                + " of the first is not in 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void refusesAMixOfALabelThatIsNoClass(int column) {
    for (float label : new float[] {-1, 4, .5f, Float.NaN}) {
      INDArray labels = PAIRS.dup().putScalar(2, column, label);
      assertThatThrownBy(() -> losses(0, labels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot learn label " + label);
    }
  }

  /** Rows of one-hot labels of three classes look like pairs. */
  @Test
  void refusesOneHotLabelsOfThreeClasses() {
    INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {0, 0, 0}, {3, 2, 1}});
    INDArray oneHot = Nd4j.createFromArray(new float[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}});
    SmoothedCrossEntropy loss = new SmoothedCrossEntropy(0);
    assertThatThrownBy(() -> loss.computeScore(oneHot, logits, SOFTMAX, null, true))
        .hasMessage(
            "Cannot learn from labels of shape [3, 3]: outputs have shape [3, 3], labels are one"
                + " class number an image, or two and the weight of the first, and these are"
                + " one-hot");
    INDArray pairs = oneHot.dup().putScalar(0, 2, 1 - 0x1p-24);
    assertThat(loss.computeScore(pairs, logits, SOFTMAX, null, true)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, .1, .9})
  void itsGradientIsThatOfTheLoss(double smoothing) {
    assertGradient(new SmoothedCrossEntropy(smoothing), LABELS);
    assertGradient(new SmoothedCrossEntropy(smoothing), PAIRS);
  }

  private static void assertGradient(SmoothedCrossEntropy loss, INDArray labels) {
    INDArray gradient = loss.computeGradient(labels, LOGITS, SOFTMAX, null);
    double h = 1e-5;
    for (int i = 0; i < LOGITS.length(); i++) {
      INDArray more = LOGITS.dup();
      more.putScalar(i, more.getDouble(i) + h);
      INDArray less = LOGITS.dup();
      less.putScalar(i, less.getDouble(i) - h);
      double numeric =
          (loss.computeScore(labels, more, SOFTMAX, null, false)
                  - loss.computeScore(labels, less, SOFTMAX, null, false))
              / (2 * h);
      assertThat(gradient.getDouble(i)).as("logit %d", i).isCloseTo(numeric, within(1e-6));
    }
  }

  @Test
  void withoutSmoothingTheGradientIsThatOfDl4jToTheLastBit() {
    INDArray logits = Nd4j.randn(DataType.FLOAT, 16, 10).muli(4);
    INDArray oneHot = Nd4j.zeros(DataType.FLOAT, 16, 10);
    INDArray labels = Nd4j.create(DataType.FLOAT, 16, 1);
    for (int i = 0; i < 16; i++) {
      labels.putScalar(i, 0, (7 * i) % 10);
      oneHot.putScalar(i, (7 * i) % 10, 1);
    }
    assertThat(
            new SmoothedCrossEntropy(0)
                .computeGradient(labels, logits, SOFTMAX, null)
                .toFloatMatrix())
        .isDeepEqualTo(
            new LossMCXENT().computeGradient(oneHot, logits, SOFTMAX, null).toFloatMatrix());
  }

  @Test
  void staysFiniteInFloatsWhereAProbabilityIsNone() {
    INDArray logits = Nd4j.createFromArray(new float[][] {{300, -300}});
    INDArray label = Nd4j.createFromArray(new float[][] {{1}});
    SmoothedCrossEntropy loss = new SmoothedCrossEntropy(0);
    assertThat(loss.computeScore(label, logits, SOFTMAX, null, true)).isEqualTo(600);
    assertThat(loss.computeGradient(label, logits, SOFTMAX, null).toFloatVector())
        .containsExactly(1, -1);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 4, .5f, Float.NaN})
  void refusesALabelThatIsNoClass(float label) {
    INDArray labels = Nd4j.createFromArray(new float[][] {{3}, {label}, {2}});
    assertThatThrownBy(
            () -> new SmoothedCrossEntropy(0).computeScore(labels, LOGITS, SOFTMAX, null, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot learn label " + label);
  }

  @Test
  void refusesOneHotLabelsAndOtherActivations() {
    SmoothedCrossEntropy loss = new SmoothedCrossEntropy(0);
    assertThatThrownBy(() -> loss.computeScore(LOGITS.dup(), LOGITS, SOFTMAX, null, true))
        .hasMessageContaining("labels of shape [3, 4]");
    assertThatThrownBy(
            () ->
                loss.computeScore(
                    LABELS, LOGITS, Activation.SIGMOID.getActivationFunction(), null, true))
        .hasMessageContaining("it is for softmax");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-.1, 1, Double.NaN})
  void refusesASmoothingThatIsNoShare(double smoothing) {
    assertThatThrownBy(() -> new SmoothedCrossEntropy(smoothing))
        .hasMessageStartingWith("Invalid label smoothing: " + smoothing);
  }

  @Test
  void isPartOfAConfigurationsJson() {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.feedForward(2))
            .addLayer(
                "out",
                new OutputLayer.Builder(new SmoothedCrossEntropy(.1))
                    .nOut(2)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "in")
            .setOutputs("out")
            .build();
    assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
        .isEqualTo(configuration);
  }
}
