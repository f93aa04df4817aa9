package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.genotype.Genotype;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.NotFinite;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.WeightDecay;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
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

/** Whole small networks, with an auxiliary classifier, dropout and all kinds of regularization. */
class AmoebaNetworkTest {
  private static final int CLASSES = 4;

  /** Maps of 17, 9, 5, 3 and 2 by 16, 8, 4, 2 and 1: odd and even sides are halved. */
  private static final MapShape IMAGE = new MapShape(3, 35, 33);

  private static final AmoebaNet TRUNK = new AmoebaNet(1, 8, 16, Genotype.AMOEBANET_B);

  private static final DropBlockStep STEP = new DropBlockStep(.7, 3, 12, 0);

  static Stream<Regularization> regularizations() {
    return Stream.of(
        Regularization.dropBlock(3, List.of(2)),
        new Regularization(
            Regularization.Kind.DROP_PATH_BY_CELL,
            new TreeSet<>(List.of(1, 2)),
            Set.of(Regularization.Site.BRANCH),
            1,
            1));
  }

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /**
   * Along a random direction of all parameters of a kind of cells. Normalisations add so much to
   * variances that those of few pixels are no steps; a short way crosses few of the kinks of ReLUs
   * and maxima, but is rounded, too, so that the best of three lengths counts. To 13 digits the
   * gradients are compared with PyTorch's: docs/trials/README.md.
   */
  @ParameterizedTest
  @MethodSource("regularizations")
  void gradientsAreThoseOfFiniteDifferences(Regularization regularization) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network =
        network(regularization, new NormSettings(.9, .1, false)).convertDataType(DataType.DOUBLE);
    MultiDataSet batch = batch(DataType.DOUBLE, 4);
    // so that no scale is 1 and no shift 0
    network.params().addi(Nd4j.rand(DataType.DOUBLE, network.params().shape()).muli(.2));
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(STEP);
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    assertThat(sites.keptFractions().values()).anyMatch(kept -> kept < 1);
    Map<String, INDArray> gradients = new HashMap<>();
    network.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
    assertThat(gradients.keySet()).isEqualTo(network.paramTable().keySet());
    Map<String, List<String>> parts =
        network.paramTable().keySet().stream()
            .filter(name -> !name.matches(".*_(mean|var|log10stdev)"))
            .collect(Collectors.groupingBy(name -> name.replaceAll("[/\\d].*", "")));
    assertThat(parts.keySet())
        .containsExactlyInAnyOrder("stem", "reduction", "cell", "auxiliary", "head");
    parts.forEach((part, names) -> requireGradient(part, network, batch, gradients, names));
  }

  private static void requireGradient(
      String part,
      ComputationGraph network,
      MultiDataSet batch,
      Map<String, INDArray> gradients,
      List<String> names) {
    Map<String, INDArray> direction = new HashMap<>();
    double found = 0;
    for (String name : names) {
      INDArray along = Nd4j.randn(DataType.DOUBLE, gradients.get(name).shape());
      direction.put(name, along);
      found +=
          gradients.get(name).mul(along).sumNumber().doubleValue() / batch.getLabels(0).size(0);
    }
    double allowed = 1e-5 * Math.abs(found) + 1e-6;
    double missed = Math.abs(found - slope(network, batch, direction, 1e-6));
    for (double length = 1e-7; missed >= allowed && length > 1e-9; length /= 10) {
      missed = Math.min(missed, Math.abs(found - slope(network, batch, direction, length)));
    }
    assertThat(missed).as(part + " " + found).isLessThan(allowed);
  }

  private static double slope(
      ComputationGraph network,
      MultiDataSet batch,
      Map<String, INDArray> direction,
      double length) {
    INDArray before = network.params().dup();
    Map<String, INDArray> parameters = network.paramTable();
    direction.forEach((name, along) -> parameters.get(name).addi(along.mul(length)));
    double above = loss(network, batch);
    network.params().assign(before);
    direction.forEach((name, along) -> parameters.get(name).subi(along.mul(length)));
    double below = loss(network, batch);
    network.params().assign(before);
    return (above - below) / (2 * length);
  }

  /** Without weight decay, which is no part of the gradients. */
  private static double loss(ComputationGraph network, MultiDataSet batch) {
    return network.score(batch, true) - network.calcRegularizationScore(true);
  }

  /** The last cells drop, or all paths; the auxiliary classifier has no part in it. */
  @Test
  void giveFoldedWhatTheyGiveTrained() {
    for (Regularization regularization : regularizations().toList()) {
      ComputationGraph network = trained(regularization, 3);
      INDArray images = batch(DataType.FLOAT, 4).getFeatures(0);
      INDArray[] expected = network.output(images);
      assertThat(expected).hasSize(2);
      FoldedNetwork folded = FoldedNetwork.of(network);
      assertThat(folded.getConfiguration().getNetworkOutputs()).containsExactly("head/softmax");
      assertThat(folded.getConfiguration().getVertices().keySet())
          .noneMatch(name -> name.startsWith("auxiliary/"));
      assertThat(DropBlockSites.of(folded).size()).isZero();
      assertThat(folded.getVertices())
          .noneMatch(vertex -> vertex.getVertexName().startsWith("auxiliary/"));
      assertThat(folded.output(images)).hasSize(1);
      assertThat(distance(folded.outputSingle(images), expected[0])).isLessThan(1e-5);
      // in front of those that are left is no convolution but the halves of a reduction
      assertThat(folded.getLayers())
          .filteredOn(layer -> layer.conf().getLayer() instanceof BatchNormalization)
          .extracting(layer -> layer.conf().getLayer().getLayerName())
          .containsExactlyInAnyOrder(
              "stem/cell1/bn-prev", "cell0/bn-prev", "cell1/bn-prev", "cell2/bn-prev");
      assertThat(NetworkState.of(folded).restore().outputSingle(images))
          .isEqualTo(folded.outputSingle(images));
    }
  }

  /** Once trained, images may have another size: only the auxiliary classifier knows it. */
  @Test
  void takeOtherImagesFolded() {
    FoldedNetwork folded = FoldedNetwork.of(trained(Regularization.none(), 2));
    INDArray output = folded.outputSingle(Nd4j.randn(DataType.FLOAT, 2, 3, 41, 50));
    assertThat(output.shape()).containsExactly(2, CLASSES);
    assertThat(output.sum(1).toDoubleVector()).containsExactly(new double[] {1, 1}, within(1e-5));
  }

  @Test
  void comeBackFromTheirState() {
    for (Regularization regularization : regularizations().toList()) {
      ComputationGraph network = trained(regularization, 1);
      assertThat(ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson()))
          .isEqualTo(network.getConfiguration());
      ComputationGraph restored = NetworkState.of(network).restore();
      for (ComputationGraph each : List.of(network, restored)) {
        OnePassUpdater.attach(each).setLearningRate(.01);
        DropBlockSites.of(each).set(STEP);
        each.fit(batch(DataType.FLOAT, 4));
      }
      assertThat(restored.params()).isEqualTo(network.params());
      assertThat(restored.score()).isEqualTo(network.score());
    }
  }

  /** DL4J's training masters and its ParallelWrapper copy them. */
  @Test
  void computeTheSameWhenCopied() {
    for (Regularization regularization : regularizations().toList()) {
      ComputationGraph network = trained(regularization, 1);
      INDArray images = batch(DataType.FLOAT, 4).getFeatures(0);
      ComputationGraph copy = network.clone();
      assertThat(copy.getConfiguration().getVertices())
          .isEqualTo(network.getConfiguration().getVertices());
      assertThat(copy.output(images)).isEqualTo(network.output(images));
    }
  }

  /** Both losses, the second with its weight. */
  @Test
  void learnFromBothClassifiers() {
    ComputationGraph network = withoutDropout();
    MultiDataSet batch = batch(DataType.FLOAT, 4);
    INDArray[] outputs = network.output(true, batch.getFeatures(0));
    double expected = entropy(outputs[0]) + .4 * entropy(outputs[1]);
    double decay = network.calcRegularizationScore(true);
    assertThat(network.score(batch, true)).isCloseTo(expected + decay, within(1e-4));
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    assertThat(network.score()).isCloseTo(expected + decay, within(1e-4));
  }

  /** Of images of class 0, 1, ... */
  private static double entropy(INDArray probabilities) {
    double sum = 0;
    for (int image = 0; image < probabilities.size(0); image++) {
      sum -= Math.log(probabilities.getDouble(image, image)) * .9;
      for (int other = 0; other < CLASSES; other++) {
        sum -= Math.log(probabilities.getDouble(image, other)) * .1 / CLASSES;
      }
    }
    return sum / probabilities.size(0);
  }

  @Test
  void tellWhichParameterIsNotFinite() {
    ComputationGraph network = network(Regularization.none());
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
  void learnFourImagesByHeart() {
    ComputationGraph network = trained(Regularization.none(), 30);
    INDArray output = network.output(true, batch(DataType.FLOAT, 4).getFeatures(0))[1];
    assertThat(output.argMax(1).toLongVector()).containsExactly(0, 1, 2, 3);
  }

  private static double distance(INDArray one, INDArray other) {
    return one.sub(other).amaxNumber().doubleValue();
  }

  private static ComputationGraph trained(Regularization regularization, int steps) {
    ComputationGraph network = network(regularization);
    OnePassUpdater.attach(network).setLearningRate(.01);
    DropBlockSites.of(network).set(STEP);
    for (int step = 0; step < steps; step++) {
      network.fit(batch(DataType.FLOAT, 4));
    }
    return network;
  }

  private static ComputationGraph withoutDropout() {
    var head = new ClassificationHead(CLASSES, .1, 1, Optional.of(new Auxiliary(2, .4)));
    return new Architecture(TRUNK, head, NormSettings.CLASSIFICATION)
        .network(IMAGE, Regularization.none(), optimizer(), 7);
  }

  private static ComputationGraph network(Regularization regularization) {
    return network(regularization, NormSettings.CLASSIFICATION);
  }

  private static ComputationGraph network(Regularization regularization, NormSettings norms) {
    var head = new ClassificationHead(CLASSES, .1, .5, Optional.of(new Auxiliary(2, .4)));
    return new Architecture(TRUNK, head, norms).network(IMAGE, regularization, optimizer(), 7);
  }

  private static Momentum optimizer() {
    return new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));
  }

  private static MultiDataSet batch(DataType type, int images) {
    Nd4j.getRandom().setSeed(5);
    INDArray labels = Nd4j.arange(images).reshape(images, 1).castTo(type);
    return new MultiDataSet(
        new INDArray[] {Nd4j.randn(type, images, 3, IMAGE.height(), IMAGE.width())},
        new INDArray[] {labels, labels});
  }
}
