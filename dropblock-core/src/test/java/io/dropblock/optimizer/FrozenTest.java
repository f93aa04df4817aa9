package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Pyramid;
import io.dropblock.model.Regularization;
import io.dropblock.model.SegmentationHead;
import io.dropblock.nn.NetworkState;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The first convolution, in a network of which all else is trained. */
class FrozenTest {
  private static final String NAME = "stem/conv";

  private static ComputationGraph network(Optimizer ofSome) {
    ComputationGraphConfiguration configuration =
        new Architecture(
                new CifarResNet(8, 4),
                new SegmentationHead(4, new Pyramid(3, 4, 6), 5, 2),
                NormSettings.CLASSIFICATION)
            .configuration(new MapShape(3, 32, 32), Regularization.none(), momentum(), 1);
    ComputationGraph network = new ComputationGraph(ofSome.applyTo(configuration, List.of(NAME)));
    network.init();
    // or the biases before normalisations, whose gradients are 0, would stay at 0
    network.params().addi(.1);
    return network;
  }

  private static Momentum momentum() {
    return new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(.01));
  }

  private static void train(ComputationGraph network, double rate) {
    network.getUpdater().getUpdaterBlocks().stream()
        .map(block -> block.getGradientUpdater().getConfig())
        .filter(MomentumSettings.class::isInstance)
        .forEach(settings -> ((MomentumSettings) settings).setLrAndSchedule(rate, null));
    Nd4j.getRandom().setSeed(2);
    for (int step = 0; step < 3; step++) {
      network.fit(
          new INDArray[] {Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32)},
          new INDArray[] {Nd4j.ones(DataType.FLOAT, 2, 16, 16)});
    }
  }

  /** In one pass, and DL4J's way. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void staysBitEqualWhileAllElseIsTrained(boolean inOnePass) {
    ComputationGraph network = network(new Frozen());
    if (inOnePass) {
      OnePassUpdater.attach(network);
    }
    ComputationGraph before = network.clone();
    train(network, .1);
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              boolean isEqual = values.equalsWithEps(before.paramTable().get(name), 0);
              assertThat(isEqual).as(name).isEqualTo(name.startsWith(NAME + "_"));
            });
    if (inOnePass) {
      assertThat(((OnePassUpdater) network.getUpdater()).wasOnePass()).isTrue();
    }
  }

  /** Nothing of it is in the velocity, and the state is read back. */
  @Test
  void hasNoState() {
    ComputationGraph network = network(new Frozen());
    OnePassUpdater.attach(network);
    train(network, .1);
    long frozen = network.getLayer(NAME).numParams();
    INDArray velocity = StateArrays.of(network).get("velocity").get(0);
    assertThat(velocity.length())
        .isEqualTo(StateArrays.of(network(momentum())).get("velocity").get(0).length() - frozen);
    ComputationGraph restored = NetworkState.of(network).restore();
    OnePassUpdater.attach(restored);
    train(network, .1);
    train(restored, .1);
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(StateArrays.of(restored).get("velocity").get(0)).isEqualTo(velocity);
  }
}
