package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class RectifierTest {

  /** {@code max(x, 0) + x}, in the order in which an overwritten x would show. */
  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void leavesItsInputToOtherReaders(WorkspaceMode workspaces) {
    ComputationGraph network = network(workspaces);
    INDArray images = images();
    INDArray before = network.feedForward(images, false).get("tanh").dup();
    assertThat(before.minNumber().doubleValue()).isNegative();
    for (boolean training : new boolean[] {true, false}) {
      INDArray sum = network.feedForward(images, training).get("sum");
      for (long i = 0; i < before.length(); i++) {
        double x = before.getDouble(i);
        assertThat(sum.getDouble(i)).isCloseTo(Math.max(x, 0) + x, within(1e-15));
      }
    }
    assertThat(FoldedNetwork.of(network).outputSingle(images))
        .isEqualTo(network.outputSingle(images));
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void gradientsAreThoseOfFiniteDifferences(WorkspaceMode workspaces) {
    ComputationGraph network = network(workspaces);
    DataSet batch = new DataSet(images(), Nets.labels(DataType.DOUBLE, 3));
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    INDArray gradient = network.gradient().getGradientFor("conv_W").dup();
    INDArray weights = network.getParam("conv_W");
    double step = 1e-6;
    for (long i = 0; i < weights.length(); i++) {
      double before = weights.getDouble(i);
      weights.putScalar(i, before + step);
      double above = network.score(batch, true);
      weights.putScalar(i, before - step);
      double below = network.score(batch, true);
      weights.putScalar(i, before);
      assertThat(gradient.getDouble(i) / 3).isCloseTo((above - below) / (2 * step), within(1e-8));
    }
  }

  private static INDArray images() {
    Nd4j.getRandom().setSeed(7);
    return Nd4j.randn(DataType.DOUBLE, 3, 2, 6, 5);
  }

  private static ComputationGraph network(WorkspaceMode workspaces) {
    return Nets.end(
        Nets.begin(Nets.settings(workspaces, DataType.DOUBLE).activation(Activation.IDENTITY))
            .addVertex("relu", new Rectifier(), "tanh")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "relu", "tanh"),
        "sum");
  }
}
