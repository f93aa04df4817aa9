package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.Trunk;
import io.dropblock.onednn.OneDnn;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The networks of {@code io.dropblock.model}, trained for some steps and folded. */
class FoldedNetworkTest {
  private static final int CLASSES = 4;
  private static final Trunk SMALL = new CifarResNet(8, 4);
  private static final Regularization DROP_BLOCK = Regularization.dropBlock(3, List.of(2, 3));

  private final INDArray images = images();

  @BeforeAll
  static void enable() {
    OneDnn.enable();
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(new CifarResNet(14, 8), Regularization.none(), 15),
        Arguments.of(SMALL, DROP_BLOCK, 9),
        Arguments.of(SMALL, Regularization.dropPath(List.of(1, 3)), 9),
        Arguments.of(new ResNet(50, 8), DROP_BLOCK, 53));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesTheTrainedNetworksOutputs(
      Trunk trunk, Regularization regularization, int convolutions) {
    ComputationGraph trained = trained(trunk, regularization);
    FoldedNetwork folded = FoldedNetwork.of(trained);
    assertThat(distance(pooled(folded), pooled(trained))).isLessThan(1e-5);
    assertThat(distance(folded.outputSingle(images), trained.outputSingle(images)))
        .isLessThan(1e-5);
    assertThat(layers(folded, ConvolutionLayer.class)).isEqualTo(convolutions);
    assertThat(layers(folded, BatchNormalization.class)).isZero();
    assertThat(DropBlockSites.of(folded).size()).isZero();
    assertThat(folded.getVertices())
        .noneMatch(DropPathVertex.class::isInstance)
        .noneMatch(ResidualSumVertex.class::isInstance);
  }

  @Test
  void leavesTheTrainedNetworkAsItWas() {
    ComputationGraph trained = trained(SMALL, DROP_BLOCK);
    String configuration = trained.getConfiguration().toJson();
    INDArray parameters = trained.params().dup();
    INDArray expected = trained.outputSingle(images);
    Nd4j.getRandom().setSeed(9);
    FoldedNetwork folded = FoldedNetwork.of(trained);
    double drawn = Nd4j.getRandom().nextDouble();
    folded.params().assign(1);
    assertThat(trained.getConfiguration().toJson()).isEqualTo(configuration);
    assertThat(trained.params()).isEqualTo(parameters);
    assertThat(trained.outputSingle(images)).isEqualTo(expected);
    Nd4j.getRandom().setSeed(9);
    assertThat(drawn).as("ND4J's random numbers").isEqualTo(Nd4j.getRandom().nextDouble());
  }

  @Test
  void remembersHowLongItWasTrained() {
    ComputationGraph trained = trained(SMALL, DROP_BLOCK);
    assertThat(FoldedNetwork.of(trained).getIterationCount())
        .isEqualTo(trained.getIterationCount())
        .isPositive();
  }

  /** Sums within the convolutions are rounded as sums behind them are. */
  @Test
  void keepsWeightsPackedAndSeesThatTheyChanged() {
    FoldedNetwork folded = FoldedNetwork.of(trained(SMALL, DROP_BLOCK));
    FoldedNetwork other = FoldedNetwork.of(trained(new CifarResNet(8, 4), Regularization.none()));
    ComputationGraph plain = NetworkState.of(folded).restore();
    INDArray before = folded.outputSingle(images);
    assertThat(before).isEqualTo(plain.outputSingle(images));
    folded.params().muli(.5);
    plain.params().muli(.5);
    assertThat(folded.outputSingle(images)).isEqualTo(plain.outputSingle(images));
    folded.setParams(other.params());
    assertThat(folded.outputSingle(images)).isEqualTo(other.outputSingle(images));
    for (ComputationGraph network : List.of(folded, plain)) {
      network.setParams(other.params());
      INDArray weights = network.getParam("group3/block0/conv1_W").dup();
      weights.putScalar(1, 3);
      network.setParam("group3/block0/conv1_W", weights);
    }
    assertThat(folded.outputSingle(images)).isEqualTo(plain.outputSingle(images));
  }

  @Test
  void foldedAgainStaysAsItIs() {
    FoldedNetwork once = FoldedNetwork.of(trained(SMALL, DROP_BLOCK));
    FoldedNetwork twice = FoldedNetwork.of(once);
    assertThat(twice.getConfiguration()).isEqualTo(once.getConfiguration());
    assertThat(twice.params()).isEqualTo(once.params());
  }

  @Test
  void comesBackFromAFile(@TempDir Path folder) throws IOException {
    FoldedNetwork folded = FoldedNetwork.of(trained(SMALL, DROP_BLOCK));
    File file = folder.resolve("folded.zip").toFile();
    ModelSerializer.writeModel(folded, file, false);
    ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file);
    assertThat(loaded.getConfiguration()).isEqualTo(folded.getConfiguration());
    assertThat(loaded.outputSingle(images)).isEqualTo(folded.outputSingle(images));
    assertThatThrownBy(() -> loaded.fit(batch()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("Cannot train LeanConvolution with ReLU: 'group3/block0/conv2' is");
  }

  @Test
  void comesBackFromItsState() {
    FoldedNetwork folded = FoldedNetwork.of(trained(SMALL, DROP_BLOCK));
    assertThat(NetworkState.of(folded).restore().outputSingle(images))
        .isEqualTo(folded.outputSingle(images));
  }

  @Test
  void refusesToBeTrained() {
    FoldedNetwork folded = FoldedNetwork.of(trained(SMALL, Regularization.none()));
    INDArray before = folded.params().dup();
    String message =
        "Cannot train a folded network: its batch normalisations are gone; "
            + "train the network that it was made of and fold that again";
    assertThatThrownBy(() -> folded.fit(batch()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> folded.backpropGradient(Nd4j.zeros(4, CLASSES)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(message);
    assertThat(folded.params()).isEqualTo(before);
    assertThat(folded.outputSingle(images).sumNumber().doubleValue()).isBetween(3.99, 4.01);
  }

  @Test
  void refusesANetworkWithoutParameters() {
    var configuration =
        Architecture.classifier(SMALL, CLASSES)
            .configuration(
                new MapShape(3, 16, 16),
                Regularization.none(),
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    assertThatThrownBy(() -> FoldedNetwork.of(new ComputationGraph(configuration)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot fold a network without parameters: call init() before");
  }

  /** The paper's figure 5. */
  @Test
  void dropsAtInferenceWhereTheTrainedNetworkDoes() {
    ComputationGraph trained = trained(SMALL, DROP_BLOCK);
    INDArray whole = pooled(trained);
    DropBlockSites.of(trained).activeAtInference(true);
    FoldedNetwork folded = FoldedNetwork.of(trained);
    for (ComputationGraph network : List.of(trained, folded)) {
      DropBlockSites.of(network).set(new DropBlockStep(.7, 3, 12, 0));
    }
    assertThat(DropBlockSites.of(folded).size())
        .isEqualTo(DropBlockSites.of(trained).size())
        .isPositive();
    assertThat(distance(pooled(folded), pooled(trained))).isLessThan(1e-5);
    assertThat(distance(pooled(folded), whole)).isGreaterThan(1e-2);
  }

  private ComputationGraph trained(Trunk trunk, Regularization regularization) {
    ComputationGraph network =
        Architecture.classifier(trunk, CLASSES)
            .network(
                new MapShape(3, 16, 16),
                regularization,
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    network.setLearningRate(.05);
    DropBlockSites sites = DropBlockSites.of(network);
    for (int step = 0; step < 5; step++) {
      sites.set(new DropBlockStep(.8, 5, step, 0));
      network.fit(batch());
    }
    return network;
  }

  private DataSet batch() {
    return new DataSet(images, Nd4j.arange(CLASSES).reshape(CLASSES, 1).castTo(DataType.FLOAT));
  }

  private static INDArray images() {
    Nd4j.getRandom().setSeed(13);
    return Nd4j.randn(DataType.FLOAT, CLASSES, 3, 16, 16);
  }

  /** What the last layer reads: not squeezed into [0, 1] as the probabilities are. */
  private INDArray pooled(ComputationGraph network) {
    return network.feedForward(images, false).get("head/pool");
  }

  private static long layers(ComputationGraph network, Class<?> kind) {
    return Arrays.stream(network.getLayers())
        .filter(layer -> kind.isInstance(layer.conf().getLayer()))
        .count();
  }

  private static double distance(INDArray found, INDArray expected) {
    return found.sub(expected).normmaxNumber().doubleValue()
        / expected.normmaxNumber().doubleValue();
  }
}
