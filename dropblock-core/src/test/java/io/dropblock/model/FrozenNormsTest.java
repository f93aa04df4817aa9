package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.NetworkState;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.WeightDecay;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Layers of the trunk and the pyramid, and the net that its levels share. */
class FrozenNormsTest {
  private static final int SIDE = 16;

  @AfterEach
  void useFloats() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /** With statistics that no batch has, and no branch silent. */
  private static ComputationGraph network(boolean frozen, DataType type) {
    ComputationGraph network =
        new Architecture(
                new CifarResNet(8, 2),
                new SegmentationHead(3, new Pyramid(2, 4, 3), 4, 2),
                new NormSettings(.5, 1e-4, frozen))
            .network(
                new MapShape(3, SIDE, SIDE),
                Regularization.none(),
                new Momentum(.9, false, WeightDecay.none()),
                1);
    Nd4j.getRandom().setSeed(3);
    network.params().addi(Nd4j.rand(DataType.FLOAT, network.params().shape()).muli(.3));
    // else the score is so large that its rounding is seen in differences
    network.paramTable().forEach((name, values) -> values.muli(name.endsWith("var") ? 3 : 1));
    return type == DataType.FLOAT ? network : network.convertDataType(type);
  }

  private static DataSet batch(DataType type) {
    Nd4j.getRandom().setSeed(4);
    INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, SIDE, SIDE);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, SIDE, SIDE);
    for (int i = 0; i < labels.length(); i++) {
      labels.putScalar(i, i * 7 % 3);
    }
    return new DataSet(images.castTo(type), labels.castTo(type));
  }

  private static boolean isStatistic(String name) {
    return name.matches(".*[_/](mean|var|log10stdev)");
  }

  /** Along one random direction a parameter. */
  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = network(true, DataType.DOUBLE);
    DataSet batch = batch(DataType.DOUBLE);
    Map<String, INDArray> gradients = gradients(network, batch);
    assertThat(gradients.keySet()).isEqualTo(network.paramTable().keySet());
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              INDArray direction = Nd4j.randn(DataType.DOUBLE, values.shape());
              double found = gradients.get(name).mul(direction).sumNumber().doubleValue() / 2;
              double expected = isStatistic(name) ? 0 : slope(network, batch, values, direction);
              double tolerance = 1e-5 * Math.abs(expected) + 1e-8;
              assertThat(found).as(name).isCloseTo(expected, within(tolerance));
              if (!isStatistic(name)) {
                assertThat(Math.abs(expected)).as(name).isGreaterThan(1e-7);
              }
            });
  }

  private static Map<String, INDArray> gradients(ComputationGraph network, DataSet batch) {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    Map<String, INDArray> gradients = new HashMap<>();
    network.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
    return gradients;
  }

  private static double slope(
      ComputationGraph network, DataSet batch, INDArray values, INDArray direction) {
    double epsilon = 2e-6;
    INDArray before = values.dup();
    values.assign(before.add(direction.mul(epsilon)));
    double above = network.score(batch, true);
    values.assign(before.sub(direction.mul(epsilon)));
    double below = network.score(batch, true);
    values.assign(before);
    return (above - below) / (2 * epsilon);
  }

  @Test
  void floatsGoTheWayOfDoubles() {
    Map<String, INDArray> floats = gradients(network(true, DataType.FLOAT), batch(DataType.FLOAT));
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    Map<String, INDArray> doubles =
        gradients(network(true, DataType.DOUBLE), batch(DataType.DOUBLE));
    floats.forEach(
        (name, found) -> {
          INDArray expected = doubles.get(name);
          double distance = found.castTo(DataType.DOUBLE).distance2(expected);
          double length = expected.norm2Number().doubleValue();
          assertThat(distance).as(name).isLessThanOrEqualTo(1e-4 * length);
        });
  }

  @Test
  void trainingSeesWhatInferenceSees() {
    INDArray images = batch(DataType.FLOAT).getFeatures();
    for (boolean frozen : new boolean[] {true, false}) {
      ComputationGraph network = network(frozen, DataType.FLOAT);
      double distance =
          network.output(true, images.dup())[0].distance2(network.output(false, images.dup())[0]);
      assertThat(distance < 1e-4).isEqualTo(frozen);
    }
  }

  @Test
  void statisticsStayAsTheyAre() {
    for (boolean frozen : new boolean[] {true, false}) {
      ComputationGraph network = network(frozen, DataType.FLOAT);
      OnePassUpdater.attach(network).setLearningRate(.01);
      ComputationGraph restored = NetworkState.of(network).restore();
      OnePassUpdater.attach(restored).setLearningRate(.01);
      Map<String, INDArray> before = new HashMap<>();
      network.paramTable().forEach((name, values) -> before.put(name, values.dup()));
      network.fit(batch(DataType.FLOAT));
      network
          .paramTable()
          .forEach(
              (name, values) -> {
                boolean stays = values.equalsWithEps(before.get(name), 0);
                if (isStatistic(name)) {
                  assertThat(stays).as(name).isEqualTo(frozen);
                } else if (frozen) {
                  assertThat(stays).as(name).isFalse();
                }
              });
      // what is frozen is so behind a checkpoint, too
      restored.fit(batch(DataType.FLOAT));
      assertThat(restored.params()).isEqualTo(network.params());
    }
  }
}
