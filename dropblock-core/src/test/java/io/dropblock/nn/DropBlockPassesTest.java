package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.schedule.Schedule;
import java.util.List;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.schedule.ScheduleType;

/** What one pass leaves behind for the next, and where a layer overwrites its input. */
class DropBlockPassesTest {
  private static final DropBlockStep STEP = new DropBlockStep(.6, 42, 5, 0);
  private static final INDArray IMAGES = Nets.images(DataType.FLOAT, 4);
  private static final INDArray LABELS = Nets.labels(DataType.FLOAT, 4);

  @Test
  void aPassInBetweenDoesNotChangeTheGradient() {
    ComputationGraph plain = Nets.with(layer());
    ComputationGraph disturbed = Nets.with(layer());
    INDArray expected = gradient(plain, STEP);
    DropBlockSites.of(disturbed).set(new DropBlockStep(.5, 1, 9, 64));
    disturbed.feedForward(IMAGES, true);
    disturbed.output(IMAGES);
    assertThat(gradient(disturbed, STEP)).isEqualTo(expected);
    assertThat(gradient(disturbed, new DropBlockStep(.6, 42, 6, 0))).isNotEqualTo(expected);
    assertThat(gradient(disturbed, STEP)).isEqualTo(expected);
  }

  /** A mask that stayed from a training pass would show in a pass that drops nothing. */
  @Test
  void aPassThatDropsNothingHasThePlainGradient() {
    ComputationGraph network = Nets.with(layer());
    INDArray dropped = gradient(network, STEP);
    network.setInputs(IMAGES);
    network.feedForward(new INDArray[] {IMAGES}, true, false);
    INDArray plain = gradient(network, new DropBlockStep(1, 42, 7, 0));
    assertThat(plain).isNotEqualTo(dropped);
    ComputationGraph fresh = Nets.with(layer());
    assertThat(gradient(fresh, new DropBlockStep(1, 42, 7, 0))).isEqualTo(plain);
  }

  /** A key of step -1 cannot be made, so a mask that is drawn would show. */
  @Test
  void drawsNothingWhereNothingIsDropped() {
    DropBlockStep off = new DropBlockStep(1, 42, -1, 0);
    DropBlockStep on = new DropBlockStep(.9, 42, -1, 0);
    for (ComputationGraph network : List.of(Nets.with(layer()), Nets.with(new DropPath()))) {
      DropBlockSites sites = DropBlockSites.of(network);
      sites.set(off);
      network.fit(new DataSet(IMAGES, LABELS));
      assertThat(sites.keptFractions().values()).containsExactly(1.);
      sites.set(on);
      network.output(IMAGES);
      assertThatThrownBy(() -> network.feedForward(IMAGES, true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid step: -1");
    }
  }

  @Test
  void overwritesAnInputThatNobodyElseNeeds() {
    ComputationGraph network = Nets.with(layer());
    DropBlockSites.of(network).set(STEP);
    var activations = network.feedForward(IMAGES, true);
    assertThat(activations.get("drop")).isSameAs(activations.get("tanh"));
    var inference = network.feedForward(IMAGES, false);
    assertThat(inference.get("drop")).isEqualTo(inference.get("tanh"));
  }

  @Test
  void leavesAnInputThatOthersReadAlone() {
    var graph =
        Nets.begin(WorkspaceMode.ENABLED, DataType.FLOAT)
            .addLayer("bn", new BatchNormalization(), "tanh")
            .addLayer("drop", layer(), "tanh")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn", "drop");
    ComputationGraph network = Nets.end(graph, "sum");
    INDArray before = network.feedForward(IMAGES, false).get("tanh").dup();
    DropBlockSites.of(network).set(STEP);
    var activations = network.feedForward(IMAGES, true);
    assertThat(activations.get("tanh")).isEqualTo(before);
    assertThat(activations.get("drop")).isNotEqualTo(before);
  }

  /**
   * DL4J's own dropout works in place. DL4J would allow a layer that drops nothing to pass its
   * input on to it, as the last that reads it, but the convolution reads it again for its gradient.
   */
  @Test
  void passesNothingOnThatOthersReadAgain() {
    assertLeavesTanhAlone(new DropBlock.Builder().dropScale(0).build(), new DropoutLayer(.5));
  }

  /** The layer before may have passed on what it got: here, a dropout that is off. */
  @Test
  void leavesAloneWhatTheLayerBeforePassedOn() {
    assertLeavesTanhAlone(new DropoutLayer.Builder().build(), layer());
  }

  private static void assertLeavesTanhAlone(Layer first, Layer second) {
    var graph =
        Nets.begin(WorkspaceMode.ENABLED, DataType.FLOAT)
            .addLayer("conv2", Nets.convolution(), "tanh")
            .addLayer("first", first, "tanh")
            .addLayer("second", second, "first")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv2", "second");
    ComputationGraph network = Nets.end(graph, "sum");
    DropBlockSites.of(network).set(STEP);
    INDArray expected = network.feedForward(IMAGES, false).get("tanh").dup();
    var activations = network.feedForward(IMAGES, true);
    assertThat(activations.get("tanh")).isEqualTo(expected);
    assertThat(activations.get("second")).isNotEqualTo(expected);
  }

  @Test
  void leavesTheNetworksInputAlone() {
    var graph =
        Nets.settings(WorkspaceMode.ENABLED, DataType.FLOAT)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.convolutional(6, 5, 2))
            .addLayer("drop", layer(), "in");
    ComputationGraph network = Nets.end(graph, "drop");
    DropBlockSites.of(network).set(STEP);
    INDArray before = IMAGES.dup();
    network.fit(new DataSet(IMAGES, LABELS));
    assertThat(IMAGES).isEqualTo(before);
    assertThat(DropBlockSites.of(network).keptFractions().get("drop")).isLessThan(1);
  }

  /** In place or not, the gradient is the same. */
  @Test
  void overwritingChangesNoGradient() {
    ComputationGraph inPlace = Nets.with(layer());
    INDArray expected = gradient(inPlace, STEP);
    ComputationGraph copying =
        Nets.with(
            new DropBlock.Builder()
                .blockSize(2)
                .keepProbability(Schedule.parse("0.6"), 1, ScheduleType.ITERATION)
                .build());
    copying.setInputs(IMAGES);
    copying.setLabels(LABELS);
    copying.computeGradientAndScore();
    INDArray own = copying.gradient().gradient().dup();
    assertThat(own).isEqualTo(gradient(inPlace, new DropBlockStep(.6, 3, 0, 0)));
    assertThat(own).isNotEqualTo(expected);
  }

  private static DropBlock layer() {
    return new DropBlock.Builder().blockSize(2).build();
  }

  private static INDArray gradient(ComputationGraph network, DropBlockStep step) {
    DropBlockSites.of(network).set(step);
    network.setInputs(IMAGES);
    network.setLabels(LABELS);
    network.computeGradientAndScore();
    return network.gradient().gradient().dup();
  }
}
