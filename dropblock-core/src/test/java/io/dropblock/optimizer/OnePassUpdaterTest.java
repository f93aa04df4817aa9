package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Against DL4J's updater with the definition, from the same start. */
class OnePassUpdaterTest {
  private static final int STEPS = 6;
  private static final int BATCH = 6;

  /** Batch normalisation's moving averages are among the parameters, and no gradients. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trainsAResNetAsTheDefinitionDoes(boolean nesterov) {
    assertTrainsAlike(() -> resNet(new Momentum(.9, nesterov, decay())), true, 2e-6);
  }

  private static WeightDecay decay() {
    return new WeightDecay(.01, Set.of(ParameterGroup.KERNELS, ParameterGroup.NORMALIZATION));
  }

  private static MomentumSettings settings(double rate) {
    MomentumSettings settings = new MomentumSettings(.8, true);
    settings.setLrAndSchedule(rate, null);
    return settings;
  }

  @Test
  void followsScheduledRates() {
    MomentumSettings settings = settings(0);
    settings.setLrAndSchedule(0, new MapSchedule(ScheduleType.ITERATION, Map.of(0, .1, 3, .01)));
    assertTrainsAlike(() -> small(builder -> builder.updater(settings)), true, 2e-6);
  }

  @Test
  void leavesToDl4jWhatIsNotMomentumAlone() {
    assertTrainsAlike(() -> small(builder -> builder.updater(settings(.1)).l1(.01)), false, 0);
    assertTrainsAlike(
        () -> small(builder -> builder.updater(settings(.1)).weightDecay(.01)), false, 0);
    assertTrainsAlike(
        () ->
            small(
                builder ->
                    builder
                        .updater(settings(.1))
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .gradientNormalizationThreshold(.1)),
        false,
        0);
    assertTrainsAlike(
        () -> small(builder -> builder.updater(settings(.1)).dataType(DataType.DOUBLE)), false, 0);
  }

  /** Two rates in one network are DL4J's. */
  @Test
  void leavesToDl4jWhatHasTwoRates() {
    assertTrainsAlike(
        () -> small(builder -> builder.updater(settings(.1)).biasUpdater(settings(.2))), false, 0);
  }

  private static void assertTrainsAlike(
      Supplier<ComputationGraph> make, boolean onePass, double tolerance) {
    ComputationGraph plain = make.get();
    ComputationGraph ours = make.get();
    assertThat(plain.getUpdater()).isNotInstanceOf(OnePassUpdater.class);
    OnePassUpdater updater = OnePassUpdater.attach(ours);
    INDArray before = plain.params().dup();
    Nd4j.getRandom().setSeed(5);
    DataType type = plain.getConfiguration().getDataType();
    for (int step = 0; step < STEPS; step++) {
      INDArray images = Nd4j.randn(DataType.DOUBLE, BATCH, 3, 16, 16).castTo(type);
      INDArray labels = labels(type, step);
      plain.fit(new INDArray[] {images.dup()}, new INDArray[] {labels});
      ours.fit(new INDArray[] {images}, new INDArray[] {labels});
      assertThat(ours.score()).isCloseTo(plain.score(), within(1e-5));
    }
    assertThat(updater.wasOnePass()).isEqualTo(onePass);
    assertThat(plain.params().distance2(before)).isGreaterThan(.01);
    requireClose(ours.params(), plain.params(), tolerance);
    requireClose(
        ours.getUpdater().getStateViewArray(),
        plain.getUpdater().getStateViewArray(),
        10 * tolerance);
  }

  private static INDArray labels(DataType type, int step) {
    INDArray labels = Nd4j.create(type, BATCH, 1);
    for (int sample = 0; sample < BATCH; sample++) {
      labels.putScalar(sample, 0, (sample + step) % 4);
    }
    return labels;
  }

  private static void requireClose(INDArray found, INDArray expected, double tolerance) {
    assertThat(found.distance2(expected) / expected.norm2Number().doubleValue())
        .isLessThanOrEqualTo(tolerance);
  }

  /** As dl4j-spark's worker makes its graph: DL4J's layers share their updaters' settings. */
  @Test
  void twoClonesOfOneConfigurationHaveRatesOfTheirOwn() {
    ComputationGraph origin = small(builder -> builder.updater(settings(0)));
    ComputationGraph one = replica(origin);
    ComputationGraph other = replica(origin);
    OnePassUpdater ofOne = OnePassUpdater.attach(one);
    OnePassUpdater ofOther = OnePassUpdater.attach(other);
    ofOne.setLearningRate(.1);
    ofOther.setLearningRate(.2);
    double moved = distanceOfAStep(one);
    assertThat(moved).isGreaterThan(1e-3);
    assertThat(distanceOfAStep(other)).isCloseTo(2 * moved, within(moved * 1e-4));
    assertThat(distanceOfAStep(origin)).isZero();
  }

  private static ComputationGraph replica(ComputationGraph origin) {
    ComputationGraph replica = new ComputationGraph(origin.getConfiguration().clone());
    replica.init(origin.params().dup(), false);
    return replica;
  }

  private static double distanceOfAStep(ComputationGraph network) {
    INDArray before = network.params().dup();
    Nd4j.getRandom().setSeed(5);
    INDArray images = Nd4j.randn(DataType.FLOAT, BATCH, 3, 16, 16);
    network.fit(new INDArray[] {images}, new INDArray[] {labels(DataType.FLOAT, 0)});
    return network.params().distance2(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void theRateIsThatOfDl4jsOwnSetter(String type) {
    UnaryOperator<NeuralNetConfiguration.Builder> make =
        builder -> builder.updater(settings(0)).dataType(DataType.valueOf(type));
    ComputationGraph ours = small(make);
    ComputationGraph theirs = small(make);
    OnePassUpdater updater = OnePassUpdater.attach(ours);
    INDArray images = Nd4j.rand(DataType.valueOf(type), BATCH, 3, 16, 16);
    for (int step = 0; step < STEPS; step++) {
      updater.setLearningRate(.1 / (step + 1));
      theirs.setLearningRate(.1 / (step + 1));
      ours.fit(new INDArray[] {images}, new INDArray[] {labels(images.dataType(), step)});
      theirs.fit(new INDArray[] {images}, new INDArray[] {labels(images.dataType(), step)});
    }
    requireClose(ours.params(), theirs.params(), type.equals("FLOAT") ? 2e-6 : 0);
  }

  /** Each job begins with it. */
  @Test
  void attachingItAgainChangesNothing() {
    ComputationGraph network = small(builder -> builder.updater(settings(.1)));
    OnePassUpdater updater = OnePassUpdater.attach(network);
    distanceOfAStep(network);
    INDArray state = network.getUpdater().getStateViewArray().dup();
    assertThat(OnePassUpdater.attach(network)).isSameAs(updater);
    assertThat(network.getUpdater().getStateViewArray()).isEqualTo(state);
    assertThat(state.norm2Number().doubleValue()).isPositive();
  }

  @Test
  void refusesUpdatersOfDl4j() {
    ComputationGraph network = small(builder -> builder.updater(new Adam(.1)));
    assertThat(OnePassUpdater.isFor(network)).isFalse();
    assertThatThrownBy(() -> OnePassUpdater.attach(network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot update this network in one pass: it is trained by [Adam]; apply an optimizer of"
                + " io.dropblock.optimizer to its configuration");
  }

  /** As long as the rate is constant. */
  @Test
  void trainsAsDl4jsNesterovsDoes() {
    ComputationGraph ours = small(builder -> builder.updater(settings(.1)).l2(.01));
    ComputationGraph theirs = small(builder -> builder.updater(new Nesterovs(.1, .8)).l2(.01));
    OnePassUpdater.attach(ours);
    for (int step = 0; step < STEPS; step++) {
      distanceOfAStep(ours);
      distanceOfAStep(theirs);
      assertThat(ours.score()).isCloseTo(theirs.score(), within(1e-5));
    }
    requireClose(ours.params(), theirs.params(), 2e-6);
  }

  private static ComputationGraph resNet(Optimizer optimizer) {
    ComputationGraph network =
        new ComputationGraph(
            Architecture.classifier(new CifarResNet(8, 8), 4)
                .configuration(new MapShape(3, 16, 16), Regularization.none(), optimizer, 1));
    network.init();
    network.setLearningRate(.01);
    return network;
  }

  private static ComputationGraph small(UnaryOperator<NeuralNetConfiguration.Builder> settings) {
    ComputationGraph network =
        new ComputationGraph(
            settings
                .apply(new NeuralNetConfiguration.Builder().seed(1))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(16, 16, 3))
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.TANH).build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(new SmoothedCrossEntropy(0))
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "conv")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
