package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.cpu.ComputeThreads;
import io.dropblock.cpu.UpdateLoops;
import io.dropblock.loss.SmoothedCrossEntropy;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What ReferenceOptimizersTest does not hold against PyTorch. */
class ClippedTest {
  private static final Momentum PLAIN = new Momentum(0, false, WeightDecay.none());

  private static ComputationGraphConfiguration configuration(
      UnaryOperator<NeuralNetConfiguration.Builder> settings) {
    return settings
        .apply(new NeuralNetConfiguration.Builder().seed(1))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.feedForward(5))
        .addLayer(
            "dense", new DenseLayer.Builder().nOut(6).activation(Activation.TANH).build(), "in")
        .addLayer(
            "out",
            new OutputLayer.Builder(new SmoothedCrossEntropy(0))
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build(),
            "dense")
        .setOutputs("out")
        .build();
  }

  private static ComputationGraph network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  /** How far a batch moves the parameters at a rate of 1. */
  private static double moved(ComputationGraph network, double size) {
    OnePassUpdater.attach(network).setLearningRate(1);
    INDArray before = network.params().dup();
    Nd4j.getRandom().setSeed(3);
    INDArray inputs = Nd4j.randn(DataType.FLOAT, 4, 5).muli(size).castTo(before.dataType());
    network.fit(new INDArray[] {inputs}, new INDArray[] {Nd4j.ones(before.dataType(), 4, 1)});
    return network.params().distance2(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void aStepIsAsLongAsTheThreshold(String type) {
    UnaryOperator<NeuralNetConfiguration.Builder> ofType =
        builder -> builder.dataType(DataType.valueOf(type));
    double free = moved(network(PLAIN.applyTo(configuration(ofType))), 10);
    assertThat(free).isGreaterThan(1);
    double clipped = moved(network(new Clipped(PLAIN, .25).applyTo(configuration(ofType))), 10);
    assertThat(clipped).isCloseTo(.25, within(1e-5));
    double below = moved(network(new Clipped(PLAIN, 2 * free).applyTo(configuration(ofType))), 10);
    assertThat(below).isEqualTo(free);
  }

  /** The whole gradient is NaN then, so that nobody takes it for a step. */
  @Test
  void whatIsNotFiniteStaysSo() {
    ComputationGraph network = network(new Clipped(PLAIN, .25).applyTo(configuration(b -> b)));
    OnePassUpdater updater = OnePassUpdater.attach(network);
    updater.setLearningRate(1);
    INDArray gradient = updater.getFlattenedGradientsView();
    gradient.assign(1);
    gradient.putScalar(3, Float.NaN);
    updater.update(new DefaultGradient(gradient), 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    for (long i = 0; i < gradient.length(); i++) {
      assertThat(gradient.getDouble(i)).isNaN();
    }
    assertThat(new GlobalNorm(1).factor(Double.NaN)).isNaN();
    assertThat(new GlobalNorm(1).factor(Double.POSITIVE_INFINITY)).isZero();
  }

  @Test
  void dl4jsOwnUpdaterDoesNotTrainWithoutIt() {
    ComputationGraph network = network(new Clipped(PLAIN, .25).applyTo(configuration(b -> b)));
    assertRefusesToTrain(network);
    assertThat(moved(network, 10)).isCloseTo(.25, within(1e-5));
    assertRefusesToTrain(network.clone());
    network.setLearningRate(.1);
    assertRefusesToTrain(network);
  }

  private static void assertRefusesToTrain(ComputationGraph network) {
    INDArray before = network.params().dup();
    assertThatThrownBy(
            () ->
                network.fit(
                    new INDArray[] {Nd4j.ones(DataType.FLOAT, 4, 5)},
                    new INDArray[] {Nd4j.ones(DataType.FLOAT, 4, 1)}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot clip the gradient of a network to 0.25: DL4J's own updater sees a part of it at"
                + " a time; attach OnePassUpdater");
    assertThat(network.params()).isEqualTo(before);
  }

  @Test
  void refusesWhatCannotBeClipped() {
    ComputationGraphConfiguration two = new Clipped(PLAIN, .25).applyTo(configuration(b -> b));
    new Clipped(PLAIN, .5).applyTo(two, List.of("out"));
    assertNotAttached(
        two, "Cannot clip the gradient of a network: it has the thresholds [0.25, 0.5]");
    assertNotAttached(
        new Clipped(PLAIN, .25)
            .applyTo(
                configuration(b -> b.gradientNormalization(GradientNormalization.ClipL2PerLayer))),
        "Cannot clip the gradient of a network to 0.25: DL4J normalises it, too, by GradientNormalization");
    assertThatThrownBy(() -> new Clipped(PLAIN, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid clipping: a norm of 0.0 is not a finite number above 0");
    assertThatThrownBy(() -> new Clipped(new Frozen(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot clip the gradient of Frozen[]");
    assertThatThrownBy(() -> PLAIN.updater().clippedBy(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid clipping: a norm of NaN is not a finite number of at least 0");
  }

  private static void assertNotAttached(ComputationGraphConfiguration network, String message) {
    ComputationGraph graph = network(network);
    assertThatThrownBy(() -> OnePassUpdater.attach(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** More than a piece of work, with a gap, and lengths that are no multiple of a vector. */
  @Test
  void theNormIsTheSameForAnyNumberOfThreads() {
    Nd4j.getRandom().setSeed(4);
    INDArray gradient = Nd4j.randn(DataType.FLOAT, 200_013);
    assumeTrue(UpdateLoops.take(gradient), "there are no native loops");
    UpdateLoops loops =
        new UpdateLoops(
            List.of(
                new UpdateLoops.Range(0, 99_999, 0, 0, 0, 0),
                new UpdateLoops.Range(100_003, 100_010, 99_999, 0, 0, 0)));
    double sum = 0;
    for (int i = 0; i < gradient.length(); i++) {
      double g = i < 99_999 || i >= 100_003 ? gradient.getDouble(i) : 0;
      sum += g * g;
    }
    int before = ComputeThreads.count();
    try {
      ComputeThreads.set(1);
      double norm = loops.norm(gradient);
      assertThat(norm).isCloseTo(Math.sqrt(sum), within(1e-10));
      ComputeThreads.set(3);
      assertThat(loops.norm(gradient)).isEqualTo(norm);
    } finally {
      ComputeThreads.set(before);
    }
  }
}
