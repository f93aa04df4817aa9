package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.loss.PixelCrossEntropy;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Whole networks that segment images of 21 x 18 into 3 classes. */
class SegmentationNetworkTest {
  private static final MapShape IMAGE = new MapShape(3, 21, 18);
  private static final int CLASSES = 3;
  private static final DropBlockStep STEP = new DropBlockStep(.5, 3, 12, 0);

  /** Trunks with output strides 1, 2 and 8. */
  static List<Architecture> architectures() {
    return List.of(
        architecture(new CifarResNet(8, 4), new Pyramid(2, 4, 8), 8),
        architecture(new CifarResNet(8, 4), new Pyramid(3, 4, 8), 4),
        architecture(new ResNet(50, 4), new Pyramid(3, 5, 16), 8));
  }

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /** Along one random direction a parameter. */
  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network =
        network(
                architecture(new CifarResNet(8, 2), new Pyramid(2, 4, 3), 2),
                Regularization.dropBlockInHead(2))
            .convertDataType(DataType.DOUBLE);
    DataSet batch =
        new DataSet(images(2).castTo(DataType.DOUBLE), labels(network, 2).castTo(DataType.DOUBLE));
    // So that no branch and no level is silent
    network.params().addi(Nd4j.rand(DataType.DOUBLE, network.params().shape()).muli(.3));
    DropBlockSites.of(network).set(STEP);
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    assertThat(DropBlockSites.of(network).keptFractions().values()).hasSize(3).allMatch(k -> k < 1);
    Map<String, INDArray> gradients = new HashMap<>();
    network.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
    assertThat(gradients.keySet()).isEqualTo(network.paramTable().keySet());
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.matches(".*[_/](mean|var|log10stdev)")) {
                return;
              }
              INDArray direction = Nd4j.randn(DataType.DOUBLE, values.shape());
              double found = gradients.get(name).mul(direction).sumNumber().doubleValue() / 2;
              double expected = slope(network, batch, values, direction);
              double tolerance = 1e-5 * Math.abs(expected) + 1e-8;
              assertThat(found).as(name).isCloseTo(expected, within(tolerance));
            });
  }

  private static double slope(
      ComputationGraph network, DataSet batch, INDArray values, INDArray direction) {
    double epsilon = 1e-6;
    INDArray before = values.dup();
    values.assign(before.add(direction.mul(epsilon)));
    double above = network.score(batch, true);
    values.assign(before.sub(direction.mul(epsilon)));
    double below = network.score(batch, true);
    values.assign(before);
    return (above - below) / (2 * epsilon);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void giveFoldedWhatTheyGiveTrained(Architecture architecture) {
    ComputationGraph network = trained(architecture, Regularization.dropBlockInHead(3), 6);
    FoldedNetwork folded = FoldedNetwork.of(network);
    INDArray expected = network.outputSingle(images(4));
    assertThat(distance(folded.outputSingle(images(4)), expected)).isLessThan(1e-5);
    assertThat(folded.getLayers())
        .filteredOn(layer -> layer.conf().getLayer() instanceof BatchNormalization)
        .extracting(layer -> layer.conf().getLayer().getLayerName())
        .containsExactly("head/bn");
    assertThat(distance(FoldedNetwork.of(folded).outputSingle(images(4)), expected))
        .isLessThan(1e-5);
    assertThat(NetworkState.of(folded).restore().outputSingle(images(4)))
        .isEqualTo(folded.outputSingle(images(4)));
  }

  /** The paper's figure 5, in the head. */
  @Test
  void dropFoldedWhereTheyDropTrained() {
    ComputationGraph network =
        trained(architectures().get(0), Regularization.dropBlockInHead(3), 2);
    INDArray whole = network.outputSingle(images(4));
    DropBlockSites.of(network).activeAtInference(true);
    FoldedNetwork folded = FoldedNetwork.of(network);
    DropBlockSites.of(network).set(STEP);
    DropBlockSites.of(folded).set(STEP);
    INDArray expected = network.outputSingle(images(4));
    assertThat(distance(expected, whole)).isGreaterThan(.01);
    assertThat(distance(folded.outputSingle(images(4)), expected)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void comeBackFromTheirState(Architecture architecture) {
    ComputationGraph network = trained(architecture, Regularization.dropBlockInHead(3), 2);
    ComputationGraph restored = NetworkState.of(network).restore();
    assertThat(restored.outputSingle(images(2))).isEqualTo(network.outputSingle(images(2)));
    DropBlockSites.of(network).set(STEP);
    DropBlockSites.of(restored).set(STEP);
    for (ComputationGraph each : List.of(network, restored)) {
      each.fit(new DataSet(images(2), labels(network, 2)));
    }
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(restored.getUpdater().getStateViewArray())
        .isEqualTo(network.getUpdater().getStateViewArray());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void areSummarisedWhole(Architecture architecture) {
    Regularization regularization = Regularization.dropBlockInHead(3);
    ComputationGraph network = network(architecture, regularization);
    NetworkSummary summary = NetworkSummary.of(network.getConfiguration(), IMAGE);
    assertThat(summary.trainableParameters() + summary.movingStatistics())
        .isEqualTo(network.params().length());
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(STEP);
    network.fit(new DataSet(images(2), labels(network, 2)));
    assertThat(sites.keptFractions().keySet())
        .containsExactlyElementsOf(
            summary.dropBlocks().stream().map(DropBlockSummary::name).toList());
    assertThat(sites.keptFractions().values()).isNotEmpty().allMatch(kept -> kept < 1);
    Map<String, INDArray> outputs = network.feedForward(images(1), false);
    assertThat(summary.layers())
        .allSatisfy(
            layer -> assertThat(outputs.get(layer.name()).length()).isEqualTo(length(layer)));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void tellWhichParameterIsNotFinite(Architecture architecture) {
    ComputationGraph network = network(architecture, Regularization.none());
    assertThat(NotFinite.in(network)).isEmpty();
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              float before = values.getFloat(values.length() - 1);
              values.putScalar(values.length() - 1, Float.NaN);
              assertThat(NotFinite.in(network)).as(name).isPresent();
              values.putScalar(values.length() - 1, before);
            });
  }

  @Test
  void learnTwoImagesByHeart() {
    ComputationGraph network = trained(architectures().get(0), Regularization.none(), 60);
    INDArray labels = labels(network, 2);
    INDArray found = network.outputSingle(images(2)).argMax(3);
    int right = 0;
    int valid = 0;
    for (int i = 0; i < labels.length(); i++) {
      double label = labels.getDouble(i);
      valid += label == PixelCrossEntropy.VOID ? 0 : 1;
      right += label == found.getDouble(i) ? 1 : 0;
    }
    assertThat((double) right / valid).isGreaterThan(.9);
  }

  private static Architecture architecture(Trunk trunk, Pyramid pyramid, int filters) {
    return new Architecture(
        trunk, new SegmentationHead(CLASSES, pyramid, filters, 1), new NormSettings(.5, 1e-4));
  }

  private static ComputationGraph network(
      Architecture architecture, Regularization regularization) {
    var configuration =
        architecture.configuration(
            IMAGE, regularization, new Momentum(.9, true, WeightDecay.none()), 3);
    configuration
        .getVertices()
        .values()
        .forEach(vertex -> setUpdater(vertex, new Nesterovs(.05, .9)));
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  /** DL4J's {@code setLearningRate} knows no vertices. */
  private static void setUpdater(GraphVertex vertex, IUpdater updater) {
    if (vertex instanceof SameDiffVertex shared) {
      shared.setUpdater(updater);
    } else if (vertex instanceof LayerVertex holder
        && holder.getLayerConf().getLayer() instanceof BaseLayer layer) {
      layer.setIUpdater(updater);
    }
  }

  /** After some steps on two images. */
  private static ComputationGraph trained(
      Architecture architecture, Regularization regularization, int steps) {
    ComputationGraph network = network(architecture, regularization);
    DropBlockSites sites = DropBlockSites.of(network);
    for (int step = 0; step < steps; step++) {
      sites.set(new DropBlockStep(.8, 5, step, 0));
      network.fit(new DataSet(images(2), labels(network, 2)));
    }
    return network;
  }

  private static INDArray images(int count) {
    Nd4j.getRandom().setSeed(13);
    return Nd4j.randn(DataType.FLOAT, count, 3, IMAGE.height(), IMAGE.width());
  }

  /** Lower half, upper left, upper right; each seventh is void. */
  private static INDArray labels(ComputationGraph network, int count) {
    List<LayerSummary> layers = NetworkSummary.of(network.getConfiguration(), IMAGE).layers();
    MapShape map = layers.get(layers.size() - 1).output();
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, map.height(), map.width());
    for (int i = 0; i < labels.length(); i++) {
      int y = i / map.width() % map.height();
      int x = i % map.width();
      int label = y > map.height() / 2 ? 2 : x < map.width() / 2 ? 1 : 0;
      labels.putScalar(i, i % 7 == 6 ? PixelCrossEntropy.VOID : label);
    }
    return labels;
  }

  private static long length(LayerSummary layer) {
    return layer.output().channels() * layer.output().pixels();
  }

  private static double distance(INDArray found, INDArray expected) {
    return found.sub(expected).normmaxNumber().doubleValue()
        / expected.normmaxNumber().doubleValue();
  }
}
