package io.dropblock.nn;

import static io.dropblock.nn.MicroBatches.LARGE;
import static io.dropblock.nn.MicroBatches.SIZES;
import static io.dropblock.nn.MicroBatches.at;
import static io.dropblock.nn.MicroBatches.batch;
import static io.dropblock.nn.MicroBatches.network;
import static io.dropblock.nn.MicroBatches.normalized;
import static io.dropblock.nn.MicroBatches.part;
import static io.dropblock.nn.MicroBatches.parts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.op.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What a step leaves behind, what it takes of memory, and what it refuses. */
class GradientAccumulationLimitsTest {
  @Test
  void aStepThatBreaksOffLeavesNothingBehind() {
    UnaryOperator<NeuralNetConfiguration.Builder> settings = any -> any.updater(new Adam(.1));
    ComputationGraph network = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    ComputationGraph expected = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    INDArray before = network.params().dup();
    DropBlockSites.of(network).set(at(0));
    DropBlockSites.of(expected).set(at(0));
    GradientAccumulation accumulation = new GradientAccumulation(network);
    Stream<MultiDataSet> broken =
        Stream.of(part(LARGE, 0, 3), part(LARGE, 3, 6), LARGE)
            .peek(
                part -> {
                  if (part == LARGE) {
                    throw new IllegalStateException("broken");
                  }
                });
    assertThatThrownBy(() -> accumulation.fit(broken::iterator)).hasMessage("broken");
    assertThat(network.params()).isEqualTo(before);
    assertThat(network.getIterationCount()).isZero();
    accumulation.fit(parts(SIZES));
    new GradientAccumulation(expected).fit(parts(SIZES));
    assertThat(network.params()).isEqualTo(expected.params());
  }

  @Test
  void workspacesAreClosedAndDoNotGrow() {
    ComputationGraph network =
        network(WorkspaceMode.ENABLED, any -> any.updater(new Adam(.01)), Normalization.NONE);
    DropBlockSites.of(network).set(at(0));
    GradientAccumulation accumulation = new GradientAccumulation(network);
    List<MultiDataSet> parts = parts(2, 2, 2, 2);
    for (int step = 0; step < 4; step++) {
      accumulation.fit(parts);
    }
    long size = workspaceBytes();
    for (int step = 0; step < 20; step++) {
      accumulation.fit(parts);
    }
    assertThat(workspaceBytes()).isEqualTo(size).isPositive();
    assertThat(Nd4j.getMemoryManager().getCurrentWorkspace()).isNull();
    assertThat(Nd4j.getWorkspaceManager().anyWorkspaceActiveForCurrentThread()).isFalse();
  }

  @Test
  void theMemoryIsThatOfAMicroBatch() {
    UnaryOperator<NeuralNetConfiguration.Builder> settings = any -> any.updater(new Adam(.01));
    ComputationGraph network = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    DropBlockSites.of(network).set(at(0));
    MultiDataSet large = batch(DataType.DOUBLE, 64);
    List<MultiDataSet> parts = new ArrayList<>();
    for (int from = 0; from < 64; from += 8) {
      parts.add(part(large, from, from + 8));
    }
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    for (int step = 0; step < 4; step++) {
      network.fit(large);
    }
    long whole = workspaceBytes();
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    GradientAccumulation accumulation = new GradientAccumulation(network);
    for (int step = 0; step < 4; step++) {
      accumulation.fit(parts);
    }
    assertThat(workspaceBytes()).isLessThan(whole / 6);
  }

  private static long workspaceBytes() {
    return Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread().stream()
        .mapToLong(MemoryWorkspace::getCurrentSize)
        .sum();
  }

  @Test
  void refusesAStepOfNothing() {
    ComputationGraph network = normalized(WorkspaceMode.ENABLED);
    GradientAccumulation accumulation = new GradientAccumulation(network);
    assertThatThrownBy(() -> accumulation.fit(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot train a step: there is no micro-batch");
  }

  @Test
  void refusesNetworksWhoseStepIsNoMeanGradient() {
    assertThatRefused(any -> any.miniBatch(false), "its gradients are sums, miniBatch(false)");
    assertThatRefused(
        any -> any.optimizationAlgo(OptimizationAlgorithm.LBFGS), "it is trained with LBFGS");
    ComputationGraph network = normalized(WorkspaceMode.ENABLED);
    network.getConfiguration().setBackpropType(BackpropType.TruncatedBPTT);
    assertThatThrownBy(() -> new GradientAccumulation(network))
        .hasMessage(
            "Cannot accumulate gradients of this network: it is trained with truncated "
                + "back-propagation through time");
  }

  private static void assertThatRefused(
      UnaryOperator<NeuralNetConfiguration.Builder> settings, String reason) {
    ComputationGraph network = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    assertThatThrownBy(() -> new GradientAccumulation(network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot accumulate gradients of this network: " + reason);
  }
}
