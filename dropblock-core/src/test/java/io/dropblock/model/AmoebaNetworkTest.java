package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import io.dropblock.genotype.Genotype;

/** Whole small networks, with an auxiliary classifier, dropout and all kinds of regularization. */
class AmoebaNetworkTest {
  private static final int CLASSES = 4;

  /** Maps of 39, 20, 10, 5, 3: odd and even ones are halved. */
  private static final MapShape IMAGE = new MapShape(3, 80, 80);

  private static final DropBlockStep STEP = new DropBlockStep(.7, 3, 12, 0);

  static Stream<Regularization> regularizations() {
    return Stream.of(
        Regularization.none(),
        Regularization.dropBlock(3, List.of(2)),
        Regularization.dropPath(List.of(1, 2)));
  }

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /** Along one random direction a parameter. */
  @ParameterizedTest
  @MethodSource("regularizations")
  void gradientsAreThoseOfFiniteDifferences(Regularization regularization) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = network(regularization).convertDataType(DataType.DOUBLE);
    Nd4j.getRandom().setSeed(5);
    MultiDataSet batch = batch(DataType.DOUBLE, 3);
    network.params().addi(Nd4j.rand(DataType.DOUBLE, network.params().shape()).muli(.2));
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(STEP);
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    assertThat(sites.keptFractions().values()).allMatch(kept -> kept < 1 || kept == 1);
    Map<String, INDArray> gradients = new HashMap<>();
    network.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
    assertThat(gradients.keySet()).isEqualTo(network.paramTable().keySet());
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.matches(".*_(mean|var|log10stdev)")) {
                return;
              }
              INDArray direction = Nd4j.randn(DataType.DOUBLE, values.shape());
              double found = gradients.get(name).mul(direction).sumNumber().doubleValue() / 3;
              double expected = slope(network, batch, values, direction);
              double tolerance = 1e-5 * Math.abs(expected) + 1e-8;
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

  private static ComputationGraph network(Regularization regularization) {
    return architecture(IMAGE).network(IMAGE, regularization, optimizer(), 7);
  }

  private static Momentum optimizer() {
    return new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));
  }

  private static Architecture architecture(MapShape image) {
    return new Architecture(
        new AmoebaNet(1, 8, 16, Genotype.AMOEBANET_B),
        new ClassificationHead(
            CLASSES,
            .1,
            .5,
            Optional.of(new Auxiliary(4, .4)).filter(any -> image.height() >= 80)),
        NormSettings.CLASSIFICATION);
  }

  private static MultiDataSet batch(DataType type, int images) {
    INDArray labels = Nd4j.arange(images).reshape(images, 1).castTo(type);
    return new MultiDataSet(
        new INDArray[] {Nd4j.randn(type, images, 3, IMAGE.height(), IMAGE.width())},
        new INDArray[] {labels, labels});
  }
}
