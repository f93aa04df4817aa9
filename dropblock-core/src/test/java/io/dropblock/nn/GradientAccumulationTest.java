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
import static org.assertj.core.api.Assertions.within;

import io.dropblock.op.Normalization;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Constant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

class GradientAccumulationTest {
  private static Stream<Arguments> updaters() {
    return Stream.of(
            new Sgd(.1), momentum(), new Nesterovs(.1, .9), new Adam(.01), new RmsProp(.01))
        .flatMap(
            updater ->
                Stream.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE)
                    .map(workspaces -> Arguments.of(updater, workspaces)));
  }

  private static MomentumSettings momentum() {
    MomentumSettings momentum = new MomentumSettings(.9, true);
    momentum.setLrAndSchedule(.05, null);
    return momentum;
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void theUpdateIsThatOfTheLargeBatch(IUpdater updater, WorkspaceMode workspaces) {
    UnaryOperator<NeuralNetConfiguration.Builder> settings =
        any -> any.updater(updater).l2(.01).l1(.001).weightDecayBias(.02);
    assertThatStepsAreEqual(
        network(workspaces, settings, Normalization.SAMPLE),
        network(workspaces, settings, Normalization.SAMPLE));
  }

  @ParameterizedTest
  @EnumSource(value = GradientNormalization.class, names = "None", mode = EnumSource.Mode.EXCLUDE)
  void gradientsAreNormalizedOnceAsAWhole(GradientNormalization normalization) {
    UnaryOperator<NeuralNetConfiguration.Builder> settings =
        any ->
            any.updater(new Sgd(.1))
                .gradientNormalization(normalization)
                .gradientNormalizationThreshold(.01);
    ComputationGraph large = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    assertThatStepsAreEqual(large, network(WorkspaceMode.ENABLED, settings, Normalization.NONE));
    ComputationGraph plain =
        network(WorkspaceMode.ENABLED, any -> any.updater(new Sgd(.1)), Normalization.NONE);
    for (int step = 0; step < 5; step++) {
      DropBlockSites.of(plain).set(at(step));
      plain.fit(LARGE);
    }
    assertThat(distance(plain.params(), large.params())).isGreaterThan(1e-3);
  }

  @Test
  void theBatchsScaleIsThatOfAMicroBatchButTheMasksAreTheSame() {
    UnaryOperator<NeuralNetConfiguration.Builder> settings = any -> any.updater(new Sgd(.1));
    ComputationGraph large = network(WorkspaceMode.ENABLED, settings, Normalization.BATCH);
    ComputationGraph small = network(WorkspaceMode.ENABLED, settings, Normalization.BATCH);
    DropBlockSites.of(large).set(at(0));
    DropBlockSites.of(small).set(at(0));
    large.fit(LARGE);
    new GradientAccumulation(small).fit(parts(SIZES));
    assertThatSameWasKept(small, large);
    assertThat(distance(small.params(), large.params())).isBetween(1e-5, 1e-2);
  }

  @Test
  void sitesWithSchedulesOfTheirOwnDrawTheMasksOfTheLargeBatch() {
    ComputationGraph large = scheduled();
    ComputationGraph small = scheduled();
    GradientAccumulation accumulation = new GradientAccumulation(small);
    for (int step = 0; step < 3; step++) {
      large.fit(LARGE);
      accumulation.fit(parts(SIZES));
      assertThatSameWasKept(small, large);
    }
    assertThat(distance(small.params(), large.params())).isLessThan(1e-12);
  }

  private static ComputationGraph scheduled() {
    var block =
        new DropBlock.Builder()
            .blockSize(2)
            .normalization(Normalization.NONE)
            .keepProbability(new Constant(.6), 10, ScheduleType.ITERATION)
            .build();
    var path =
        new DropPath.Builder()
            .keepProbability(new Constant(.5), 10, ScheduleType.ITERATION)
            .build();
    return network(
        Nets.settings(WorkspaceMode.ENABLED, DataType.DOUBLE).updater(new Sgd(.1)), block, path);
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void oneMicroBatchIsAPlainFitBitForBit(WorkspaceMode workspaces) {
    ComputationGraph fitted = normalized(workspaces);
    ComputationGraph stepped = normalized(workspaces);
    GradientAccumulation accumulation = new GradientAccumulation(stepped);
    MultiDataSet batch = batch(DataType.FLOAT, 6);
    for (int step = 0; step < 3; step++) {
      DropBlockSites.of(fitted).set(at(step));
      DropBlockSites.of(stepped).set(at(step));
      fitted.fit(batch);
      accumulation.fit(List.of(batch));
    }
    NetworkState expected = NetworkState.of(fitted);
    NetworkState state = NetworkState.of(stepped);
    assertThat(state.parameters()).isEqualTo(expected.parameters());
    assertThat(state.arrays()).containsExactlyEntriesOf(expected.arrays());
    assertThat(state.configuration()).isEqualTo(expected.configuration());
    assertThat(stepped.score()).isEqualTo(fitted.score());
  }

  @Test
  void runningStatisticsMoveByTheMeanOfTheMicroBatches() {
    UnaryOperator<INDArray> statistics =
        parameters -> parameters.get(NDArrayIndex.interval(42, 46)).dup();
    ComputationGraph before = normalized(WorkspaceMode.ENABLED);
    assertThat(before.getLayer("norm").paramTable().keySet())
        .containsExactly("gamma", "beta", "mean", "log10stdev");
    INDArray start = statistics.apply(before.params().reshape(-1));
    MultiDataSet batch = batch(DataType.FLOAT, 6);
    List<INDArray> moved = new ArrayList<>();
    for (MultiDataSet part : List.of(part(batch, 0, 4), part(batch, 4, 6))) {
      ComputationGraph network = normalized(WorkspaceMode.ENABLED);
      DropBlockSites.of(network).set(new DropBlockStep(1, 0, 0, 0));
      network.fit(part);
      moved.add(statistics.apply(network.params().reshape(-1)).subi(start));
    }
    ComputationGraph network = normalized(WorkspaceMode.ENABLED);
    DropBlockSites.of(network).set(new DropBlockStep(1, 0, 0, 0));
    new GradientAccumulation(network).fit(List.of(part(batch, 0, 4), part(batch, 4, 6)));
    INDArray expected = moved.get(0).mul(4 / 6.0).addi(moved.get(1).mul(2 / 6.0));
    INDArray found = statistics.apply(network.params().reshape(-1)).subi(start);
    assertThat(expected.norm2Number().doubleValue()).isGreaterThan(.01);
    assertThat(distance(found, expected)).isLessThan(1e-6);
  }

  @Test
  void listenersSeeOneIterationWithTheGradientAndScoreOfTheStep() {
    UnaryOperator<NeuralNetConfiguration.Builder> settings = any -> any.updater(new Sgd(.1)).l2(.1);
    ComputationGraph large = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    ComputationGraph small = network(WorkspaceMode.ENABLED, settings, Normalization.NONE);
    Recorder expected = new Recorder();
    Recorder recorder = new Recorder();
    large.setListeners(expected);
    small.setListeners(recorder);
    GradientAccumulation accumulation = new GradientAccumulation(small);
    for (int step = 0; step < 2; step++) {
      DropBlockSites.of(large).set(at(step));
      DropBlockSites.of(small).set(at(step));
      large.fit(LARGE);
      accumulation.fit(parts(SIZES));
      assertThat(small.getListeners()).containsExactly(recorder);
    }
    assertThat(recorder.calls)
        .containsExactly("gradient", "done 0", "gradient", "done 1")
        .isEqualTo(expected.calls);
    for (int step = 0; step < 2; step++) {
      assertThat(distance(recorder.gradients.get(step), expected.gradients.get(step)))
          .isLessThan(1e-12);
      assertThat(recorder.scores.get(step)).isCloseTo(expected.scores.get(step), within(1e-12));
      assertThat(recorder.kept.get(step)).isCloseTo(expected.kept.get(step), within(1e-12));
    }
  }

  private static final class Recorder extends BaseTrainingListener {
    private final List<String> calls = new ArrayList<>();
    private final List<INDArray> gradients = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();
    private final List<Double> kept = new ArrayList<>();

    @Override
    public void onGradientCalculation(Model model) {
      calls.add("gradient");
      gradients.add(model.gradient().gradient().div(model.batchSize()));
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      calls.add("done " + iteration);
      scores.add(model.score());
      kept.add(DropBlockSites.of((ComputationGraph) model).keptFractions().get("drop"));
    }
  }

  @Test
  void aMicroBatchIsAskedForWhenTheOneBeforeIsDone() {
    UnaryOperator<NeuralNetConfiguration.Builder> settings = any -> any.updater(new Sgd(.1));
    ComputationGraph expected = network(WorkspaceMode.NONE, settings, Normalization.NONE);
    ComputationGraph network = network(WorkspaceMode.NONE, settings, Normalization.NONE);
    DropBlockSites.of(expected).set(at(0));
    DropBlockSites.of(network).set(at(0));
    new GradientAccumulation(expected).fit(parts(2, 2, 2, 2));
    MultiDataSet only = part(LARGE, 0, 2);
    Iterator<MultiDataSet> parts = parts(2, 2, 2, 2).iterator();
    new GradientAccumulation(network)
        .fit(
            () ->
                new Iterator<MultiDataSet>() {
                  @Override
                  public boolean hasNext() {
                    return parts.hasNext();
                  }

                  @Override
                  public MultiDataSet next() {
                    MultiDataSet next = parts.next();
                    only.getFeatures(0).assign(next.getFeatures(0));
                    only.getLabels(0).assign(next.getLabels(0));
                    return only;
                  }
                });
    assertThat(network.params()).isEqualTo(expected.params());
  }

  private static void assertThatStepsAreEqual(ComputationGraph large, ComputationGraph small) {
    GradientAccumulation accumulation = new GradientAccumulation(small);
    for (int step = 0; step < 5; step++) {
      DropBlockSites.of(large).set(at(step));
      DropBlockSites.of(small).set(at(step));
      large.fit(LARGE);
      accumulation.fit(parts(SIZES));
      assertThat(small.score()).isCloseTo(large.score(), within(1e-12));
      assertThatSameWasKept(small, large);
    }
    assertThat(small.getIterationCount()).isEqualTo(5);
    assertThat(distance(small.params(), large.params())).isLessThan(1e-12);
    INDArray state = large.getUpdater().getStateViewArray();
    if (state != null) {
      assertThat(distance(small.getUpdater().getStateViewArray(), state)).isLessThan(1e-12);
    }
  }

  private static void assertThatSameWasKept(ComputationGraph small, ComputationGraph large) {
    var kept = DropBlockSites.of(small).keptFractions();
    var expected = DropBlockSites.of(large).keptFractions();
    assertThat(expected.get("drop")).isBetween(.1, .99);
    assertThat(expected.get("path")).isBetween(.1, .99);
    for (String site : expected.keySet()) {
      assertThat(kept.get(site)).isCloseTo(expected.get(site), within(1e-12));
    }
  }

  private static double distance(INDArray one, INDArray other) {
    return one.reshape(-1).sub(other.reshape(-1)).normmaxNumber().doubleValue();
  }
}
