package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.WeightDecay;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NetworkStateTest {
  private final INDArray images = Nd4j.rand(DataType.FLOAT, 4, 3, 16, 16);
  private final INDArray labels = Nd4j.arange(4).reshape(4, 1).castTo(DataType.FLOAT);

  @Test
  void aRestoredNetworkGoesOnBitForBit() {
    ComputationGraph network = network();
    train(network, 0, 3);
    ComputationGraph restored = NetworkState.of(network).restore();
    assertThat(restored.outputSingle(images)).isEqualTo(network.outputSingle(images));
    train(network, 3, 3);
    train(restored, 3, 3);
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(restored.getUpdater().getStateViewArray())
        .isEqualTo(network.getUpdater().getStateViewArray());
  }

  @Test
  void countersStay() {
    ComputationGraph network = network();
    network.getConfiguration().setIterationCount(1234);
    network.getConfiguration().setEpochCount(7);
    ComputationGraph restored = NetworkState.of(network).restore();
    assertThat(restored.getConfiguration().getIterationCount()).isEqualTo(1234);
    assertThat(restored.getConfiguration().getEpochCount()).isEqualTo(7);
  }

  @Test
  void theStateIsACopy() {
    ComputationGraph network = network();
    NetworkState state = NetworkState.of(network);
    byte[] before = state.parameters().clone();
    train(network, 0, 1);
    assertThat(Arrays.equals(state.parameters(), before)).isTrue();
    assertThat(state.parameters()).hasSize(Math.toIntExact(4 * network.numParams()));
  }

  @Test
  void refusesStateOfAnotherLength() {
    NetworkState state = NetworkState.of(network());
    Map<String, byte[]> arrays = new HashMap<>(state.arrays());
    arrays.put("velocity", new byte[8]);
    assertThatThrownBy(() -> new NetworkState(state.configuration(), arrays).restore())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot restore the velocity: 8 bytes in place of "
                + state.arrays().get("velocity").length);
  }

  @Test
  void refusesArraysOfAnotherOptimizer() {
    NetworkState state = NetworkState.of(network());
    Map<String, byte[]> arrays = new LinkedHashMap<>(state.arrays());
    arrays.put("updater", arrays.remove("velocity"));
    assertThatThrownBy(() -> new NetworkState(state.configuration(), arrays).restore())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot restore the network: there are [parameters, updater] in place of [parameters,"
                + " velocity]");
    assertThatThrownBy(() -> new NetworkState("{}", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a network of []: there are no parameters");
  }

  @Test
  void aRestoredNetworkHasItsOwnUpdater() {
    ComputationGraph network = network();
    assertThat(network.getUpdater()).isNotInstanceOf(OnePassUpdater.class);
    assertThat(NetworkState.of(network).restore().getUpdater()).isInstanceOf(OnePassUpdater.class);
  }

  private void train(ComputationGraph network, int firstStep, int steps) {
    DropBlockSites sites = DropBlockSites.of(network);
    for (int step = firstStep; step < firstStep + steps; step++) {
      sites.set(new DropBlockStep(.8, 5, step, 0));
      network.fit(new INDArray[] {images}, new INDArray[] {labels});
    }
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8, 4), 4)
            .network(
                new MapShape(3, 16, 16),
                Regularization.dropBlock(3, List.of(3)),
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    network.setLearningRate(.05);
    return network;
  }
}
