package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.schedule.Linear;
import io.dropblock.schedule.Schedule;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.schedule.ScheduleType;

/** A site that follows DL4J's own counters in a plain fit. */
class OwnScheduleTest {
  /** Off, then everything dropped, then everything kept: block 1, so that 0 is nothing at all. */
  private static final Schedule STAGES = Schedule.parse("steps(1, 0 @ 0.25, 1 @ 0.5)");

  private static final INDArray IMAGES = Nets.images(DataType.FLOAT, 6);
  private static final INDArray LABELS = Nets.labels(DataType.FLOAT, 6);

  @Test
  void followsTheIterations() {
    ComputationGraph network = Nets.with(scheduled(STAGES, 4, ScheduleType.ITERATION));
    double[] expected = {1, 0, 1, 1, 1, 1};
    for (double kept : expected) {
      network.fit(new DataSet(IMAGES, LABELS));
      assertThat(kept(network)).isEqualTo(kept);
    }
  }

  @Test
  void followsTheEpochs() {
    ComputationGraph network = Nets.with(scheduled(STAGES, 4, ScheduleType.EPOCH));
    double[] expected = {1, 0, 1, 1, 1, 1};
    for (double kept : expected) {
      for (int iteration = 0; iteration < 2; iteration++) {
        network.fit(new DataSet(IMAGES, LABELS));
        assertThat(kept(network)).isEqualTo(kept);
      }
      network.incrementEpochCount();
    }
  }

  @Test
  void keepsTheLastValueAfterTheEnd() {
    var counted = KeepSchedule.of(new Linear(1, .9), 112_590, ScheduleType.ITERATION).counted(8);
    assertThat(counted.at(0, 7)).isEqualTo(new DropBlockStep(1, 8, 0, 0));
    assertThat(counted.at(56_295, 0).keepProbability()).isCloseTo(.95, within(1e-12));
    assertThat(counted.at(112_590, 0).keepProbability()).isEqualTo(.9);
    assertThat(counted.at(200_000, 0).keepProbability()).isEqualTo(.9);
  }

  @Test
  void drivesADropPath() {
    var vertex = new DropPath.Builder().keepProbability(STAGES, 4, ScheduleType.ITERATION).build();
    ComputationGraph network = Nets.with(vertex);
    double[] expected = {1, 0, 1, 1, 1};
    for (double kept : expected) {
      network.fit(new DataSet(IMAGES, LABELS));
      assertThat(DropBlockSites.of(network).keptFractions()).containsEntry("path", kept);
    }
  }

  @Test
  void drivesALayerOfAStack() {
    var network =
        new MultiLayerNetwork(
            Nets.settings(WorkspaceMode.ENABLED, DataType.FLOAT)
                .list()
                .layer(Nets.convolution())
                .layer(scheduled(STAGES, 4, ScheduleType.ITERATION))
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(Nets.output())
                .setInputType(InputType.convolutional(6, 5, 2))
                .build());
    network.init();
    double[] expected = {1, 0, 1, 1, 1};
    for (double kept : expected) {
      network.fit(IMAGES, LABELS);
      assertThat(DropBlockSites.of(network).keptFractions().values()).containsExactly(kept);
    }
  }

  @Test
  void masksChangeWithTheIterationAlsoWithinAnEpoch() {
    ComputationGraph network = Nets.with(scheduled(Schedule.parse("0.5"), 3, ScheduleType.EPOCH));
    INDArray first = mask(network);
    assertThat(mask(network)).isEqualTo(first);
    network.fit(new DataSet(IMAGES, LABELS));
    assertThat(mask(network)).isNotEqualTo(first);
  }

  private static INDArray mask(ComputationGraph network) {
    return network.feedForward(IMAGES, true).get("drop").neq(0);
  }

  @Test
  void masksFollowTheConfigurationsSeed() {
    ComputationGraph network =
        Nets.with(scheduled(Schedule.parse("0.5"), 1, ScheduleType.ITERATION));
    INDArray own = network.feedForward(IMAGES, true).get("drop").dup();
    DropBlockSites.of(network).set(new DropBlockStep(.5, 3, 0, 0));
    assertThat(network.feedForward(IMAGES, true).get("drop")).isEqualTo(own);
    DropBlockSites.of(network).set(new DropBlockStep(.5, 4, 0, 0));
    assertThat(network.feedForward(IMAGES, true).get("drop")).isNotEqualTo(own);
  }

  @Test
  void whatIsToldTakesPrecedence() {
    ComputationGraph network = Nets.with(scheduled(Schedule.parse("0"), 1, ScheduleType.ITERATION));
    network.fit(new DataSet(IMAGES, LABELS));
    assertThat(kept(network)).isEqualTo(0);
    DropBlockSites.of(network).set(new DropBlockStep(1, 0, 0, 0));
    network.fit(new DataSet(IMAGES, LABELS));
    assertThat(kept(network)).isEqualTo(1);
  }

  @Test
  void goesOnWhereASavedNetworkStopped() {
    ComputationGraph network = Nets.with(scheduled(STAGES, 4, ScheduleType.ITERATION));
    network.fit(new DataSet(IMAGES, LABELS));
    var read = ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());
    ComputationGraph again = new ComputationGraph(read);
    again.init();
    again.fit(new DataSet(IMAGES, LABELS));
    assertThat(kept(again)).isEqualTo(0);
  }

  @Test
  void refusesWrongArguments() {
    assertThatThrownBy(() -> scheduled(new Linear(1, -.1), 4, ScheduleType.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid schedule of the keep probability: linear(1.0, -0.1), "
                + "must stay between 0 and 1");
    assertThatThrownBy(
            () -> scheduled(Schedule.parse("warm-up(epoch 2, 1)"), 4, ScheduleType.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid schedule of the keep probability: warm-up(epoch 2, constant(1.0)), "
                + "must give shares in place of epochs");
    assertThatThrownBy(() -> scheduled(new Linear(1, .9), 0, ScheduleType.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid length of the schedule linear(1.0, 0.9): 0 epochs");
  }

  private static DropBlock scheduled(Schedule schedule, long total, ScheduleType per) {
    return DropBlock.dropout().keepProbability(schedule, total, per).build();
  }

  private static double kept(ComputationGraph network) {
    return DropBlockSites.of(network).keptFractions().get("drop");
  }
}
