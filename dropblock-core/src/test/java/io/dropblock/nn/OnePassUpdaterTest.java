package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Optimizer;
import io.dropblock.model.Regularization;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Against DL4J's updater, from the same start. */
class OnePassUpdaterTest {
  private static final int STEPS = 6;
  private static final int BATCH = 6;

  /** Batch normalisation's moving averages are among the parameters, and no gradients. */
  @Test
  void trainsAResNetAsDl4jDoes() {
    assertTrainsAlike(OnePassUpdaterTest::resNet, true, 2e-6);
  }

  @Test
  void followsScheduledRates() {
    MapSchedule rates = new MapSchedule(ScheduleType.ITERATION, Map.of(0, .1, 3, .01));
    assertTrainsAlike(
        seed -> small(builder -> builder.updater(new Nesterovs(rates, .8))), true, 2e-6);
  }

  @Test
  void leavesToDl4jWhatIsNotMomentumAlone() {
    assertTrainsAlike(seed -> small(builder -> builder.updater(new Adam(.01))), false, 0);
    assertTrainsAlike(
        seed -> small(builder -> builder.updater(new Nesterovs(.1, .9)).l1(.01)), false, 0);
    assertTrainsAlike(
        seed -> small(builder -> builder.updater(new Nesterovs(.1, .9)).weightDecay(.01)),
        false,
        0);
    assertTrainsAlike(
        seed ->
            small(
                builder ->
                    builder
                        .updater(new Nesterovs(.1, .9))
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .gradientNormalizationThreshold(.1)),
        false,
        0);
    assertTrainsAlike(
        seed -> small(builder -> builder.updater(new Nesterovs(.1, .9)).dataType(DataType.DOUBLE)),
        false,
        0);
  }

  /** Two rates in one network are DL4J's. */
  @Test
  void leavesToDl4jWhatHasTwoRates() {
    assertTrainsAlike(
        seed ->
            small(
                builder ->
                    builder.updater(new Nesterovs(.1, .9)).biasUpdater(new Nesterovs(.2, .9))),
        false,
        0);
  }

  private static void assertTrainsAlike(
      IntFunction<ComputationGraph> make, boolean onePass, double tolerance) {
    ComputationGraph plain = make.apply(1);
    ComputationGraph ours = make.apply(1);
    OnePassUpdater.attach(ours);
    INDArray before = plain.params().dup();
    Nd4j.getRandom().setSeed(5);
    DataType type = plain.getConfiguration().getDataType();
    for (int step = 0; step < STEPS; step++) {
      INDArray images = Nd4j.randn(DataType.DOUBLE, BATCH, 3, 16, 16).castTo(type);
      INDArray labels = Nd4j.create(type, BATCH, 1);
      for (int sample = 0; sample < BATCH; sample++) {
        labels.putScalar(sample, 0, (sample + step) % 4);
      }
      plain.fit(new INDArray[] {images.dup()}, new INDArray[] {labels});
      ours.fit(new INDArray[] {images}, new INDArray[] {labels});
    }
    assertThat(((OnePassUpdater) ours.getUpdater()).wasOnePass()).isEqualTo(onePass);
    assertThat(plain.params().distance2(before)).isGreaterThan(.01);
    requireClose(ours.params(), plain.params(), tolerance);
    requireClose(
        ours.getUpdater().getStateViewArray(),
        plain.getUpdater().getStateViewArray(),
        10 * tolerance);
  }

  private static void requireClose(INDArray found, INDArray expected, double tolerance) {
    assertThat(found.distance2(expected) / expected.norm2Number().doubleValue())
        .isLessThanOrEqualTo(tolerance);
  }

  private static ComputationGraph resNet(int seed) {
    ComputationGraph network =
        new ComputationGraph(
            Architecture.classifier(new CifarResNet(8, 8), 4)
                .configuration(
                    new MapShape(3, 16, 16), Regularization.none(), new Optimizer(.9, 1e-2), seed));
    network.init();
    network.setLearningRate(.01);
    return network;
  }

  private static ComputationGraph small(Consumer<NeuralNetConfiguration.Builder> settings) {
    NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().seed(1);
    settings.accept(builder);
    ComputationGraph network =
        new ComputationGraph(
            builder
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
