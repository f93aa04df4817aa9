package io.dropblock.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FoldedNetworksTest {
  private static NetworkState network(int seed) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(seed)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(2))
                .addLayer("out", new OutputLayer.Builder().nOut(2).build(), "in")
                .setOutputs("out")
                .build());
    graph.init();
    return NetworkState.of(graph);
  }

  @AfterEach
  void forget() {
    FoldedNetworks.forget();
  }

  @Test
  void tasksSideBySideHaveOneEachAndTheNextTakesItOver() {
    NetworkState network = network(1);
    ComputationGraph first = FoldedNetworks.take(network);
    ComputationGraph second = FoldedNetworks.take(network);
    assertThat(second).isNotSameAs(first);
    FoldedNetworks.giveBack(network, first);
    assertThat(FoldedNetworks.take(network)).isSameAs(first);
  }

  /** Whatever comes back late. */
  @Test
  void anotherNetworkIsNeverTakenForIt() {
    NetworkState network = network(1);
    ComputationGraph first = FoldedNetworks.take(network);
    NetworkState other = network(2);
    ComputationGraph second = FoldedNetworks.take(other);
    FoldedNetworks.giveBack(network, first);
    assertThat(FoldedNetworks.take(other)).isNotSameAs(first).isNotSameAs(second);
    FoldedNetworks.giveBack(other, second);
    assertThat(FoldedNetworks.take(network)).isNotSameAs(first).isNotSameAs(second);
  }
}
