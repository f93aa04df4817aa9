package io.dropblock.brought;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.Architecture;
import io.dropblock.model.BroughtClassificationHead;
import io.dropblock.model.BroughtTrunk;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Regularization;
import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.NamedParameters;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Converted networks against the same network of DL4J's own layers. */
class ConversionTest {
  private static final int SAMPLES = 5;
  private static final Optimizer OPTIMIZER = new Momentum(.9, true, WeightDecay.none());

  @AfterEach
  void useFloats() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("plain", StockNetworks.plain(CNN2DFormat.NCHW)),
        Arguments.of("plain, channels last", StockNetworks.plain(CNN2DFormat.NHWC)),
        Arguments.of("residual", StockNetworks.residual(CNN2DFormat.NCHW)),
        Arguments.of("residual, channels last", StockNetworks.residual(CNN2DFormat.NHWC)),
        Arguments.of("mixed", StockNetworks.mixed()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void givesTheOutputsAndGradientsOfTheOriginal(String name, ComputationGraphConfiguration stock) {
    ComputationGraph original = new ComputationGraph(stock);
    original.init();
    ComputationGraph ours = network(stock, Set.of(), DataType.FLOAT);
    copy(original, ours);
    INDArray images = images(DataType.FLOAT);
    INDArray forOriginal = isLast(name) ? images.permute(0, 2, 3, 1).dup('c') : images;

    requireClose(name, ours.outputSingle(images), original.outputSingle(forOriginal), 2e-5);
    requireClose(
        name + " folded",
        FoldedNetwork.of(ours).outputSingle(images),
        original.outputSingle(forOriginal),
        2e-5);
    requireClose(
        name + " in training",
        ours.outputSingle(true, images),
        original.outputSingle(true, forOriginal),
        2e-5);

    ours.setInputs(images);
    ours.setLabels(numbers(DataType.FLOAT));
    original.setInputs(forOriginal);
    original.setLabels(oneHot());
    ours.computeGradientAndScore();
    original.computeGradientAndScore();
    assertThat(ours.score()).isCloseTo(original.score(), within(1e-5));
    Map<String, INDArray> expected = new TreeMap<>(original.gradient().gradientForVariable());
    Map<String, INDArray> found = ours.gradient().gradientForVariable();
    expected.keySet().removeIf(it -> it.endsWith("_mean") || it.endsWith("_log10stdev"));
    assertThat(found.keySet()).containsAll(expected.keySet());
    if (name.equals("plain, channels last")) {
      // with the channels last DL4J's own gradients of this network are 1e38 at times
      return;
    }
    double largest =
        expected.values().stream()
            .mapToDouble(gradient -> gradient.amaxNumber().doubleValue())
            .max()
            .orElseThrow();
    expected.forEach(
        (parameter, gradient) -> {
          double away = found.get(parameter).sub(gradient).amaxNumber().doubleValue();
          assertThat(away).as(name + " " + parameter).isLessThanOrEqualTo(2e-5 * largest);
        });
  }

  /** In double, with something dropped where the loss still is a function of the parameters. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "residual", "mixed"})
  void hasTheGradientsOfItsLoss(String name) {
    ComputationGraphConfiguration stock =
        networks()
            .filter(one -> one.get()[0].equals(name))
            .map(one -> (ComputationGraphConfiguration) one.get()[1])
            .findFirst()
            .orElseThrow();
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    String place = Map.of('p', "c1", 'r', "a-relu", 'm', "separable").get(name.charAt(0));
    ComputationGraph ours = network(stock, Set.of(place), DataType.DOUBLE);
    DropBlockSites.of(ours).set(new DropBlockStep(.7, 42, 6, 0));
    Set<String> moving = new TreeSet<>();
    NamedParameters.of(ours).values().keySet().stream()
        .filter(it -> it.endsWith("/mean") || it.endsWith("/var"))
        .forEach(it -> moving.add(it.replace('/', '_')));
    assertThat(
            GradientCheckUtil.checkGradients(
                new GradientCheckUtil.GraphConfig()
                    .net(ours)
                    .epsilon(1e-6)
                    .maxRelError(1e-4)
                    .minAbsoluteError(1e-8)
                    .excludeParams(moving)
                    .subset(true)
                    .maxPerParam(2)
                    .inputs(new INDArray[] {images(DataType.DOUBLE)})
                    .labels(new INDArray[] {numbers(DataType.DOUBLE)})))
        .isTrue();
    assertThat(DropBlockSites.of(ours).keptFractions()).containsOnlyKeys(place + "-dropblock");
    assertThat(DropBlockSites.of(ours).keptFractions().values()).allMatch(it -> it > 0 && it < 1);
  }

  @Test
  void replacesWhatItCanAndTellsIt() {
    ComputationGraphConfiguration stock = StockNetworks.residual(CNN2DFormat.NCHW);
    ComputationGraph ours = network(stock, Set.of("a-relu"), DataType.FLOAT);
    assertThat(ours.getLayers())
        .noneMatch(layer -> layer.conf().getLayer().getClass() == BatchNormalization.class);
    assertThat(Arrays.stream(ours.getLayers()).map(layer -> layer.conf().getLayer()))
        .filteredOn(LeanConvolution.class::isInstance)
        .hasSize(6);
    assertThat(Arrays.stream(ours.getLayers()).map(layer -> layer.conf().getLayer()))
        .filteredOn(layer -> layer instanceof BatchNorm norm && norm.relu())
        .hasSize(3);
    assertThat(fates(stock, Set.of("a-relu")))
        .contains(
            "stem ConvolutionLayer: LeanConvolution",
            "stem-bn BatchNormalization: BatchNorm with ReLU",
            "stem-relu ActivationLayer: done by stem-bn",
            "a-bn2 BatchNormalization: BatchNorm",
            "a-sum ElementWiseVertex: ResidualSum",
            "a-relu ActivationLayer: done by a-sum, drops",
            "mean GlobalPoolingLayer: channels last",
            "out OutputLayer: taken as it is");
    assertThat(fates(StockNetworks.mixed(), Set.of()))
        .contains(
            "c1 ConvolutionLayer: LeanConvolution, Rectifier",
            "lrn LocalResponseNormalization: taken as it is",
            "depthwise DepthwiseConvolution2D: taken as it is",
            "c2 ConvolutionLayer: LeanConvolution, ActivationLayer",
            "merge MergeVertex: ChannelMerge");
  }

  /** What reads a normalisation reads the dropped one: the ReLU is no part of it then. */
  @Test
  void dropsBetweenANormalisationAndItsRelu() {
    assertThat(fates(StockNetworks.residual(CNN2DFormat.NCHW), Set.of("stem-bn")))
        .contains(
            "stem-bn BatchNormalization: BatchNorm, drops", "stem-relu ActivationLayer: Rectifier");
  }

  private static List<String> fates(ComputationGraphConfiguration stock, Set<String> after) {
    return trunk(stock, after).fates(NormSettings.CLASSIFICATION).stream()
        .map(
            fate ->
                fate.name()
                    + " "
                    + fate.kind()
                    + ": "
                    + fate.became()
                    + (fate.drops() ? ", drops" : ""))
        .toList();
  }

  /** Squares of the map behind the named layer are 0 in training, and none at inference. */
  @Test
  void dropsSquaresBehindTheNamedLayer() {
    ComputationGraph original = new ComputationGraph(StockNetworks.plain(CNN2DFormat.NCHW));
    original.init();
    ComputationGraph ours = network(original.getConfiguration(), Set.of("c1"), DataType.FLOAT);
    copy(original, ours);
    DropBlockSites.of(ours).set(new DropBlockStep(.8, 1, 0, 0));
    INDArray images = images(DataType.FLOAT);
    INDArray dropped = ours.feedForward(images, true).get("c1-dropblock").permute(0, 3, 1, 2);
    INDArray kept = original.feedForward(images, true).get("c1");
    int squares = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      for (int channel = 0; channel < 5; channel++) {
        for (int row = 0; row + 3 <= StockNetworks.SIZE; row++) {
          for (int column = 0; column + 3 <= StockNetworks.SIZE; column++) {
            squares += isDropped(kept, dropped, sample, channel, row, column) ? 1 : 0;
          }
        }
      }
    }
    assertThat(squares).isPositive();
    double scale = dropped.sumNumber().doubleValue() / kept.sumNumber().doubleValue();
    assertThat(scale).isBetween(.7, 1.3);
    requireClose(
        "at inference",
        ours.feedForward(images, false).get("c1-dropblock").permute(0, 3, 1, 2),
        kept,
        1e-5);
  }

  /** Whether 3 x 3 pixels are 0 of which some were not. */
  private static boolean isDropped(
      INDArray kept, INDArray dropped, int sample, int channel, int row, int column) {
    boolean some = false;
    for (int y = row; y < row + 3; y++) {
      for (int x = column; x < column + 3; x++) {
        if (dropped.getDouble(sample, channel, y, x) != 0) {
          return false;
        }
        some |= kept.getDouble(sample, channel, y, x) != 0;
      }
    }
    return some;
  }

  private static BroughtTrunk trunk(ComputationGraphConfiguration stock, Set<String> after) {
    return new BroughtTrunk(
        "stock",
        BroughtNetwork.of(stock.toJson(), StockNetworks.SIZE, StockNetworks.CLASSES),
        after);
  }

  private static ComputationGraph network(
      ComputationGraphConfiguration stock, Set<String> after, DataType type) {
    BroughtTrunk trunk = trunk(stock, after);
    ComputationGraphConfiguration configuration =
        new Architecture(
                trunk, new BroughtClassificationHead(trunk, 0), NormSettings.CLASSIFICATION)
            .configuration(
                new MapShape(3, StockNetworks.SIZE, StockNetworks.SIZE),
                after.isEmpty()
                    ? Regularization.none()
                    : new Regularization(
                        new TreeSet<>(Set.of(1)), Set.of(Regularization.Site.BRANCH), 3, 1),
                OPTIMIZER,
                7);
    configuration.setDataType(type);
    // else the check of gradients refuses
    configuration.getVertices().values().stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
        .filter(BaseLayer.class::isInstance)
        .forEach(layer -> ((BaseLayer) layer).setIUpdater(new NoOp()));
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private static boolean isLast(String name) {
    return name.endsWith("last");
  }

  private static void copy(ComputationGraph from, ComputationGraph to) {
    Map<String, INDArray> others = NamedParameters.of(to).values();
    // DL4J has the logarithm of the deviation where ours has the variance
    Map<String, INDArray> values = NamedParameters.of(from).inFormOf(others.keySet()).values();
    assertThat(others.keySet()).containsExactlyInAnyOrderElementsOf(values.keySet());
    values.forEach((name, value) -> others.get(name).assign(value));
  }

  private static INDArray images(DataType type) {
    Nd4j.getRandom().setSeed(5);
    return Nd4j.randn(DataType.DOUBLE, SAMPLES, 3, StockNetworks.SIZE, StockNetworks.SIZE)
        .castTo(type);
  }

  private static INDArray numbers(DataType type) {
    return Nd4j.createFromArray(new double[][] {{0}, {3}, {1}, {2}, {3}}).castTo(type);
  }

  private static INDArray oneHot() {
    INDArray labels = Nd4j.zeros(DataType.FLOAT, SAMPLES, StockNetworks.CLASSES);
    for (int sample = 0; sample < SAMPLES; sample++) {
      labels.putScalar(sample, numbers(DataType.DOUBLE).getInt(sample, 0), 1);
    }
    return labels;
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static void requireClose(
      String what, INDArray found, INDArray expected, double tolerance) {
    assertThat(found.shape()).as(what).isEqualTo(expected.shape());
    double largest = Math.max(expected.amaxNumber().doubleValue(), 1e-3);
    assertThat(found.sub(expected).amaxNumber().doubleValue())
        .as(what + " " + expected + " and " + found)
        .isLessThanOrEqualTo(tolerance * largest);
  }
}
