package io.dropblock.nn.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.GradientAccumulation;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A millisecond passes whenever somebody looks at the time. */
class PhaseClockTest {
  private static final double MILLISECOND = 1e-3;

  private final AtomicLong time = new AtomicLong();
  private final PhaseClock clock = new PhaseClock(() -> time.addAndGet(1_000_000));

  @Test
  void aStepIsTakenApart() {
    ComputationGraph network = network();
    assertThat(PhaseClock.in(network)).isEmpty();
    network.setListeners(clock);
    assertThat(PhaseClock.in(network)).containsSame(clock);
    clock.start();
    clock.end(Phase.DATA);
    network.fit(batch());
    clock.end(Phase.UPDATE);
    assertThat(clock.take().milliseconds(1))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Phase.DATA, 1.0,
                Phase.FORWARD, 1.0,
                Phase.BACKWARD, 1.0,
                Phase.AVERAGE, 1.0,
                Phase.UPDATE, 1.0));
    assertThat(clock.take().seconds()).as("taken already").isZero();
  }

  /** The sum of the micro-batches' gradients is part of the backward pass. */
  @Test
  void microBatchesAreReadInBetween() {
    ComputationGraph network = network();
    network.setListeners(clock);
    GradientAccumulation accumulation = new GradientAccumulation(network);
    clock.start();
    accumulation.fit(clock.reading(Collections.nCopies(3, batch())));
    PhaseTimes times = clock.take();
    assertThat(times.milliseconds(1))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Phase.DATA, 2.0,
                Phase.FORWARD, 3.0,
                Phase.BACKWARD, 3.0 + 2 + 1,
                Phase.AVERAGE, 1.0));
  }

  @Test
  void timeThatBelongsToAnotherPhaseIsMoved() {
    clock.move(400_000, Phase.AVERAGE, Phase.WAIT);
    clock.end(Phase.AVERAGE);
    PhaseTimes times = clock.take();
    assertThat(times.seconds(Phase.AVERAGE)).isEqualTo(.6 * MILLISECOND);
    assertThat(times.seconds(Phase.WAIT)).isEqualTo(.4 * MILLISECOND);
    assertThat(times.seconds()).isEqualTo(MILLISECOND);
  }

  @Test
  void timesAreAddedUp() {
    clock.end(Phase.DATA);
    PhaseTimes first = clock.take();
    clock.end(Phase.DATA);
    clock.end(Phase.UPDATE);
    PhaseTimes both = PhaseTimes.NONE.plus(first).plus(clock.take());
    assertThat(both.seconds(Phase.DATA)).isEqualTo(2 * MILLISECOND);
    assertThat(both.seconds()).isEqualTo(3 * MILLISECOND);
    assertThat(both.milliseconds(2)).isEqualTo(Map.of(Phase.DATA, 1.0, Phase.UPDATE, .5));
    assertThat(PhaseTimes.NONE.seconds(Phase.UPDATE)).isZero();
  }

  private static MultiDataSet batch() {
    return new MultiDataSet(Nd4j.ones(2, 3), Nd4j.ones(2, 1));
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(3)
                        .nOut(1)
                        .build(),
                    "in")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
