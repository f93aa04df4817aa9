package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.Trunk;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class NotFiniteTest {

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void namesEveryParameterOfEveryModel(float value) {
    for (Trunk trunk : List.of(new CifarResNet(8, 4), new ResNet(50, 2))) {
      ComputationGraph network = network(trunk);
      assertThat(NotFinite.in(network)).isEmpty();
      for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
        INDArray numbers = parameter.getValue();
        float before = numbers.getFloat(numbers.length() - 1);
        numbers.putScalar(numbers.length() - 1, value);
        assertThat(NotFinite.in(network)).contains(name(parameter.getKey()));
        numbers.putScalar(numbers.length() - 1, before);
      }
      assertThat(NotFinite.in(network)).isEmpty();
    }
  }

  /** DL4J calls it "vertex_parameter". */
  private static String name(String parameter) {
    int end = parameter.lastIndexOf('_');
    String vertex = parameter.substring(0, end);
    return switch (parameter.substring(end + 1)) {
      case "mean" -> "the moving mean of '" + vertex + "'";
      case "var", "log10stdev" -> "the moving variance of '" + vertex + "'";
      default -> "parameter '" + parameter.substring(end + 1) + "' of '" + vertex + "'";
    };
  }

  @Test
  void seesTheUpdatersState() {
    ComputationGraph network = network(new CifarResNet(8, 4));
    INDArray state = network.getUpdater().getStateViewArray();
    state.putScalar(state.length() - 1, Float.NaN);
    assertThat(NotFinite.in(network)).contains("the updater's state");
    assertThat(NotFinite.in(NetworkState.of(network))).contains("the updater's state");
  }

  /** Their sum is infinite. */
  @Test
  void largeNumbersAreFinite() {
    ComputationGraph network = network(new CifarResNet(8, 4));
    network.params().assign(Float.MAX_VALUE);
    assertThat(NotFinite.in(network)).isEmpty();
    assertThat(NotFinite.in(NetworkState.of(network))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void seesThemInBytes(String type) {
    ComputationGraph network =
        Nets.end(
            Nets.begin(WorkspaceMode.ENABLED, DataType.valueOf(type))
                .addLayer("norm", new BatchNormalization(), "tanh"),
            "norm");
    assertThat(NotFinite.in(NetworkState.of(network))).isEmpty();
    network.getParam("norm_log10stdev").putScalar(1, Double.NEGATIVE_INFINITY);
    assertThat(NotFinite.in(NetworkState.of(network))).contains("the moving variance of 'norm'");
  }

  private static ComputationGraph network(Trunk trunk) {
    ComputationGraph network =
        new ComputationGraph(
            Architecture.classifier(trunk, 5)
                .configuration(
                    new MapShape(3, 32, 32),
                    Regularization.dropBlock(3, List.of(3)),
                    new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                    1));
    network.init();
    return network;
  }
}
