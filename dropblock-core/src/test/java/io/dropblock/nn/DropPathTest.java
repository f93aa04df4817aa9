package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.schedule.Constant;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.schedule.ScheduleType;

class DropPathTest {
  private static final double KEEP = .7;

  @Test
  void dropsWholeSamplesAndDividesTheRestByTheKeepProbability() {
    ComputationGraph network = Nets.with(new DropPath());
    DropBlockSites.of(network).set(new DropBlockStep(KEEP, 42, 5, 0));
    int samples = 64;
    Map<String, INDArray> activations =
        network.feedForward(Nets.images(DataType.FLOAT, samples), true);
    int kept = 0;
    for (int sample = 0; sample < samples; sample++) {
      INDArray before = activations.get("tanh").slice(sample);
      INDArray after = activations.get("path").slice(sample);
      boolean keeps = after.amaxNumber().doubleValue() > 0;
      kept += keeps ? 1 : 0;
      INDArray expected = before.mul(keeps ? 1 / KEEP : 0);
      assertThat(after.equalsWithEps(expected, 1e-6)).isTrue();
    }
    assertThat(kept).isBetween(1, samples - 1);
    assertThat(DropBlockSites.of(network).keptFractions())
        .containsEntry("path", (double) kept / samples);
  }

  /** Over independent steps: 5 standard deviations of the mean of Bernoulli numbers. */
  @Test
  void keepsWithTheKeepProbabilityAndPreservesTheMean() {
    ComputationGraph network = Nets.with(new DropPath.Builder().dropScale(.5).build());
    DropBlockSites sites = DropBlockSites.of(network);
    INDArray images = Nets.images(DataType.FLOAT, 500);
    double keep = 1 - .5 * (1 - KEEP);
    int steps = 40;
    double kept = 0;
    double mean = 0;
    double input = 0;
    for (int step = 0; step < steps; step++) {
      sites.set(new DropBlockStep(KEEP, 42, step, 0));
      var activations = network.feedForward(images, true);
      kept += sites.keptFractions().get("path") / steps;
      mean += activations.get("path").meanNumber().doubleValue() / steps;
      input = activations.get("tanh").meanNumber().doubleValue();
    }
    double sigma = Math.sqrt(keep * (1 - keep) / (500. * steps));
    assertThat(kept).isCloseTo(keep, within(5 * sigma));
    // the samples' means differ, which the factor of 2 allows for
    assertThat(mean / input).isCloseTo(1, within(2 * 5 * sigma / keep));
  }

  @Test
  void isTheIdentityAtInferenceAndAtKeepProbabilityOne() {
    ComputationGraph network = Nets.with(new DropPath());
    INDArray images = Nets.images(DataType.FLOAT, 4);
    var inference = network.feedForward(images, false);
    assertThat(inference.get("path")).isEqualTo(inference.get("tanh"));
    DropBlockSites.of(network).set(new DropBlockStep(1, 42, 0, 0));
    var training = network.feedForward(images, true);
    assertThat(training.get("path")).isEqualTo(training.get("tanh"));
    assertThat(DropBlockSites.of(network).keptFractions()).containsEntry("path", 1.);
  }

  @Test
  void isAllZerosAtKeepProbabilityZero() {
    ComputationGraph network = Nets.with(new DropPath());
    DropBlockSites.of(network).set(new DropBlockStep(0, 42, 0, 0));
    INDArray after = network.feedForward(Nets.images(DataType.FLOAT, 4), true).get("path");
    assertThat(after).isEqualTo(after.like());
  }

  @Test
  void dropsTheSameSamplesHoweverTheBatchIsSplit() {
    ComputationGraph network = Nets.with(new DropPath());
    DropBlockSites sites = DropBlockSites.of(network);
    INDArray images = Nets.images(DataType.FLOAT, 64);
    sites.set(new DropBlockStep(KEEP, 42, 5, 0));
    INDArray whole = network.feedForward(images, true).get("path").dup();
    for (int first = 0; first < 64; first += 16) {
      sites.set(new DropBlockStep(KEEP, 42, 5, first));
      var part = NDArrayIndex.interval(first, first + 16);
      INDArray output = network.feedForward(images.get(part).dup(), true).get("path");
      assertThat(output).isEqualTo(whole.get(part));
    }
  }

  @Test
  void refusesToTrainWithoutAKeepProbability() {
    assertThatThrownBy(
            () -> Nets.with(new DropPath()).feedForward(Nets.images(DataType.FLOAT, 2), true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot apply DropPath 'path': no keep probability is set; "
                + "call DropBlockSites.set before");
  }

  @Test
  void isActiveAtInferenceWhenForced() {
    ComputationGraph network = Nets.with(new DropPath.Builder().activeAtInference(true).build());
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(new DropBlockStep(0, 42, 0, 0));
    INDArray images = Nets.images(DataType.FLOAT, 4);
    assertThat(network.feedForward(images, false).get("path").amaxNumber().doubleValue())
        .isEqualTo(0);
    sites.activeAtInference(false);
    assertThat(network.feedForward(images, false).get("path").amaxNumber().doubleValue())
        .isNotEqualTo(0);
  }

  @Test
  void survivesJsonAndClone() {
    DropPath vertex =
        new DropPath.Builder()
            .dropScale(.25)
            .activeAtInference(true)
            .keepProbability(new Constant(.5), 7, ScheduleType.EPOCH)
            .build();
    assertThat(vertex.clone()).isEqualTo(vertex).isNotSameAs(vertex).hasSameHashCodeAs(vertex);
    assertThat(vertex).isNotEqualTo(new DropPath());
    assertThat(vertex)
        .hasToString(
            "DropPath(dropScale=0.25, activeAtInference=true, "
                + "keepProbability=constant(0.5) over 7 epochs)");
    var graph = Nets.with(vertex).getConfiguration();
    var read = ComputationGraphConfiguration.fromJson(graph.toJson());
    assertThat(read).isEqualTo(graph);
    assertThat(read.getVertices().get("path")).isEqualTo(vertex);
  }

  @Test
  void refusesWrongArguments() {
    assertThatThrownBy(() -> new DropPath.Builder().dropScale(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid drop scale: NaN, must be between 0 and 1");
    InputType type = InputType.feedForward(3);
    assertThatThrownBy(() -> new DropPath().getOutputType(0, type, type))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot apply DropPath: it has 2 inputs and takes 1");
  }

  @Test
  void twoVerticesDropDifferentSamples() {
    var graph =
        Nets.begin(WorkspaceMode.NONE, DataType.FLOAT)
            .addVertex("path", new DropPath(), "tanh")
            .addVertex("other", new DropPath(), "path");
    ComputationGraph network = Nets.end(graph, "other");
    DropBlockSites.of(network).set(new DropBlockStep(.5, 42, 5, 0));
    network.feedForward(Nets.images(DataType.FLOAT, 64), true);
    var kept = DropBlockSites.of(network).keptFractions();
    assertThat(kept.keySet()).containsExactly("path", "other");
    assertThat(kept.get("path")).isNotEqualTo(kept.get("other"));
  }
}
