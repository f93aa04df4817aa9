package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.average.MovingAverage;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StateCopyTest {
  private final StateCopy copy = new StateCopy();

  @Test
  void holdsWhatTheStateAsArraysHolds() {
    ComputationGraph network = network(4, new Momentum(.9, true, WeightDecay.none()));
    MovingAverage.of(network).values().muli(.5);
    fill(network);
    copy.take(network);
    assertSame(copy, NetworkState.of(network));
    assertThat(copy.names()).containsExactly("parameters", "velocity", "average");
  }

  @Test
  void staysAsItWasWhileTheNetworkGoesOn() {
    ComputationGraph network = network(4, new Momentum(.9, true, WeightDecay.none()));
    fill(network);
    NetworkState before = NetworkState.of(network);
    copy.take(network);
    network.params().addi(1);
    network.getUpdater().getStateViewArray().addi(1);
    network.getConfiguration().setIterationCount(99);
    assertSame(copy, before);
    copy.take(network);
    assertSame(copy, NetworkState.of(network));
  }

  /** Its memory is that of the one before, where it fits. */
  @Test
  void takesAnyNetwork() {
    for (int width : new int[] {4, 8, 2}) {
      ComputationGraph network = network(width, new Momentum(.9, true, WeightDecay.none()));
      fill(network);
      copy.take(network);
      assertSame(copy, NetworkState.of(network));
    }
  }

  @Test
  void seesWhatIsNotFinite() {
    ComputationGraph network = network(4, new Momentum(.9, true, WeightDecay.none()));
    copy.take(network);
    assertThat(NotFinite.in(copy)).isEmpty();
    INDArray velocity = network.getUpdater().getStateViewArray();
    velocity.putScalar(velocity.length() - 1, Float.NaN);
    copy.take(network);
    assertThat(NotFinite.in(copy)).contains("the updater's state");
    network.params().putScalar(network.params().length() - 1, Float.NaN);
    copy.take(network);
    assertThat(NotFinite.in(copy)).isEqualTo(NotFinite.in(network)).isPresent();
  }

  private static void fill(ComputationGraph network) {
    INDArray state = network.getUpdater().getStateViewArray();
    state.assign(Nd4j.rand(state.shape()));
  }

  private static void assertSame(StateBytes one, StateBytes other) {
    assertThat(one.configuration()).isEqualTo(other.configuration());
    assertThat(one.names()).containsExactlyElementsOf(other.names());
    for (String name : one.names()) {
      assertThat(bytes(one, name)).as(name).isEqualTo(bytes(other, name)).isNotEmpty();
      assertThat(one.length(name)).isEqualTo(other.length(name));
    }
  }

  private static byte[] bytes(StateBytes state, String name) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    state.forEachPart(
        name,
        part -> {
          byte[] piece = new byte[part.remaining()];
          part.get(piece);
          all.writeBytes(piece);
        });
    return all.toByteArray();
  }

  private static ComputationGraph network(int width, Optimizer optimizer) {
    return Architecture.classifier(new CifarResNet(8, width), 4)
        .network(new MapShape(3, 16, 16), Regularization.dropBlock(3, List.of(3)), optimizer, 1);
  }
}
