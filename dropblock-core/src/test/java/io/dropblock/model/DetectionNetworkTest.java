package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.nn.pyramid.Upsampling;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Whole networks that detect objects of 3 classes in images of 64 x 32, with 2 anchors. */
class DetectionNetworkTest {
  private static final MapShape IMAGE = new MapShape(3, 64, 32);
  private static final int CLASSES = 3;
  private static final int ANCHORS = 2;
  private static final Optimizer OPTIMIZER = new Momentum(.9, false, WeightDecay.none());
  private static final DropBlockStep STEP = new DropBlockStep(.5, 3, 12, 0);

  /** Finest strides 2, 4 and 8; the last two have two levels behind the trunk, and one. */
  static List<Architecture> architectures() {
    return List.of(
        architecture(new CifarResNet(8, 4), new Pyramid(3, 6, 8, Upsampling.NEAREST), 8),
        architecture(new ResNet(50, 4), new Pyramid(3, 7, 16, Upsampling.NEAREST), 16),
        architecture(new CifarResNet(8, 4), new Pyramid(4, 5, 8), 8));
  }

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /** Along one random direction a parameter. The coarsest level is one pixel. */
  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    MapShape small = new MapShape(3, 16, 8);
    ComputationGraph network =
        architecture(new CifarResNet(8, 2), new Pyramid(3, 6, 3, Upsampling.NEAREST), 2)
            .network(small, Regularization.dropBlockInHead(2), OPTIMIZER, 3)
            .convertDataType(DataType.DOUBLE);
    MultiDataSet batch = batch(network, small, 2, DataType.DOUBLE);
    // So that no branch and no level is silent
    network.params().addi(Nd4j.rand(DataType.DOUBLE, network.params().shape()).muli(.3));
    DropBlockSites.of(network).set(STEP);
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    assertThat(DropBlockSites.of(network).keptFractions().values()).hasSize(2 * 4);
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
              double tolerance = 1e-5 * Math.abs(expected) + 1e-7;
              assertThat(found).as(name).isCloseTo(expected, within(tolerance));
            });
  }

  private static double slope(
      ComputationGraph network, MultiDataSet batch, INDArray values, INDArray direction) {
    double epsilon = 1e-6;
    INDArray before = values.dup();
    values.assign(before.add(direction.mul(epsilon)));
    double above = network.score(batch, true);
    values.assign(before.sub(direction.mul(epsilon)));
    double below = network.score(batch, true);
    values.assign(before);
    return (above - below) / (2 * epsilon);
  }

  /**
   * With last weights of 0 every class has the probability 0.01 and every code is 0. Of an anchor
   * with an object one class costs {@code .25 .99^1.5 -log .01}, all others {@code .75 .01^1.5 -log
   * .99}; a code of t misses by t.
   */
  @ParameterizedTest
  @MethodSource("architectures")
  void beginWithTheLossOfTheFormula(Architecture architecture) {
    ComputationGraph network = network(architecture, Regularization.none());
    MultiDataSet batch = batch(network, 2, DataType.FLOAT);
    assertThat(network.score(batch, true)).isPositive().isFinite();
    network.paramTable().get("head/class-net_last/W").assign(0);
    network.paramTable().get("head/box-net_last/W").assign(0);
    double[] labels = numbers(batch.getLabels(0));
    double[] boxes = numbers(batch.getLabels(1));
    double objects = Arrays.stream(labels).filter(label -> label >= 0).count();
    double missed = 0;
    for (int i = 0; i < boxes.length; i++) {
      double x = Math.abs(boxes[i]);
      // the first of five says that there is one
      missed += i % 5 == 0 ? 0 : x <= .1 ? x * x / 2 : .1 * x - .005;
    }
    double right = .25 * Math.pow(.99, 1.5) * -Math.log(.01);
    double wrong = .75 * Math.pow(.01, 1.5) * -Math.log(.99);
    double focal = objects * right + (labels.length * CLASSES - objects) * wrong;
    double expected = (focal + 50 * missed / 4) / (objects + 1);
    assertThat(network.score(batch, true)).isCloseTo(expected, within(1e-5 * expected));
  }

  private static double[] numbers(INDArray array) {
    return array.reshape(array.length()).castTo(DataType.DOUBLE).toDoubleVector();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void giveFoldedWhatTheyGiveTrained(Architecture architecture) {
    ComputationGraph network = trained(architecture, Regularization.dropBlockInHead(3), 6);
    FoldedNetwork folded = FoldedNetwork.of(network);
    INDArray[] expected = network.output(images(4));
    assertThat(expected).hasSize(2);
    assertClose(folded.output(images(4)), expected);
    // which share their convolution with the level behind
    int last = ((DetectionHead) architecture.head()).pyramid().last();
    assertThat(folded.getLayers())
        .filteredOn(layer -> layer.conf().getLayer() instanceof BatchNormalization)
        .extracting(layer -> layer.conf().getLayer().getLayerName())
        .contains("pyramid/bn" + (last - 1))
        .doesNotContain("pyramid/bn" + last)
        .allMatch(name -> name.startsWith("pyramid/"));
    assertClose(FoldedNetwork.of(folded).output(images(4)), expected);
    assertThat(NetworkState.of(folded).restore().output(images(4)))
        .containsExactly(folded.output(images(4)));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void comeBackFromTheirState(Architecture architecture) {
    ComputationGraph network = trained(architecture, Regularization.dropBlockInHead(3), 2);
    ComputationGraph restored = NetworkState.of(network).restore();
    assertThat(restored.output(images(2))).containsExactly(network.output(images(2)));
    for (ComputationGraph each : List.of(network, restored)) {
      OnePassUpdater.attach(each).setLearningRate(.01);
      DropBlockSites.of(each).set(STEP);
      each.fit(batch(network, 2, DataType.FLOAT));
    }
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(restored.getUpdater().getStateViewArray())
        .isEqualTo(network.getUpdater().getStateViewArray());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void areSummarisedWhole(Architecture architecture) {
    ComputationGraph network = network(architecture, Regularization.dropBlockInHead(3));
    NetworkSummary summary = NetworkSummary.of(network.getConfiguration(), IMAGE);
    assertThat(summary.trainableParameters() + summary.movingStatistics())
        .isEqualTo(network.params().length());
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(STEP);
    network.fit(batch(network, 2, DataType.FLOAT));
    assertThat(sites.keptFractions().keySet())
        .containsExactlyInAnyOrderElementsOf(
            summary.dropBlocks().stream().map(DropBlockSummary::name).toList());
    Map<String, INDArray> outputs = network.feedForward(images(1), false);
    assertThat(summary.layers())
        .allSatisfy(
            layer ->
                assertThat(outputs.get(layer.name()).length())
                    .isEqualTo(layer.output().channels() * layer.output().pixels()));
  }

  @Test
  void tellWhichParameterIsNotFinite() {
    ComputationGraph network = network(architectures().get(0), Regularization.none());
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

  @ParameterizedTest
  @MethodSource("architectures")
  void learnABatch(Architecture architecture) {
    ComputationGraph network = network(architecture, Regularization.none());
    MultiDataSet batch = batch(network, 2, DataType.FLOAT);
    double before = network.score(batch, true);
    train(network, 60);
    assertThat(network.score(batch, true)).isLessThan(.5 * before);
  }

  @Test
  void refuseImagesWhoseMapsDoNotDouble() {
    ComputationGraph network = network(architectures().get(0), Regularization.none());
    assertThatThrownBy(() -> network.output(Nd4j.zeros(DataType.FLOAT, 1, 3, 62, 32)))
        .hasMessageContaining("pyramid/sum3");
  }

  private static Architecture architecture(Trunk trunk, Pyramid pyramid, int filters) {
    return new Architecture(
        trunk,
        new DetectionHead(CLASSES, pyramid, filters, 1, ANCHORS),
        new NormSettings(.5, 1e-4));
  }

  private static ComputationGraph network(
      Architecture architecture, Regularization regularization) {
    return architecture.network(IMAGE, regularization, OPTIMIZER, 3);
  }

  private static ComputationGraph trained(
      Architecture architecture, Regularization regularization, int steps) {
    ComputationGraph network = network(architecture, regularization);
    train(network, steps);
    return network;
  }

  private static void train(ComputationGraph network, int steps) {
    OnePassUpdater.attach(network).setLearningRate(.02);
    DropBlockSites sites = DropBlockSites.of(network);
    MultiDataSet batch = batch(network, 2, DataType.FLOAT);
    for (int step = 0; step < steps; step++) {
      sites.set(new DropBlockStep(.8, 5, step, 0));
      network.fit(batch);
    }
  }

  private static INDArray images(int count) {
    return images(IMAGE, count);
  }

  private static INDArray images(MapShape image, int count) {
    Nd4j.getRandom().setSeed(13);
    return Nd4j.randn(DataType.FLOAT, count, 3, image.height(), image.width());
  }

  private static MultiDataSet batch(ComputationGraph network, int count, DataType type) {
    return batch(network, IMAGE, count, type);
  }

  /** Every fifth anchor has an object, of the classes in turn. */
  private static MultiDataSet batch(
      ComputationGraph network, MapShape image, int count, DataType type) {
    List<LayerSummary> layers = NetworkSummary.of(network.getConfiguration(), image).layers();
    int anchors =
        ANCHORS
            * layers.stream()
                .filter(layer -> layer.name().equals(DetectionHead.BOXES))
                .mapToInt(layer -> layer.output().height())
                .findFirst()
                .orElseThrow();
    double[] labels = new double[count * anchors];
    double[] boxes = new double[5 * labels.length];
    Arrays.fill(labels, -1);
    for (int i = 0; i < labels.length; i += 5) {
      labels[i] = i % CLASSES;
      boxes[5 * i] = 1;
      for (int code = 0; code < 4; code++) {
        boxes[5 * i + 1 + code] = .3 * Math.sin(i + code);
      }
    }
    INDArray images = images(image, count).castTo(type);
    return new MultiDataSet(
        new INDArray[] {images},
        new INDArray[] {
          Nd4j.createFromArray(labels).castTo(type).reshape('c', count, anchors),
          Nd4j.createFromArray(boxes).castTo(type).reshape('c', count, anchors, 5)
        });
  }

  private static void assertClose(INDArray[] found, INDArray... expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int output = 0; output < expected.length; output++) {
      double distance = found[output].sub(expected[output]).normmaxNumber().doubleValue();
      assertThat(distance / expected[output].normmaxNumber().doubleValue()).isLessThan(1e-5);
    }
  }
}
