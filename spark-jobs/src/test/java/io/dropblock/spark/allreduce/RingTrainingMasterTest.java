package io.dropblock.spark.allreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.NetworkState;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.optimizer.settings.AdamSettings;
import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.optimizer.settings.RmsPropSettings;
import io.dropblock.spark.data.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Up to four ranks on a Spark inside this JVM, against DL4J alone with the large batch. */
class RingTrainingMasterTest {
  private static final int MOST_RANKS = 4;
  private static final int STEPS = 5;

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(MOST_RANKS);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static Stream<Arguments> largeBatches() {
    return Stream.of(
            new Sgd(.1),
            momentum(),
            momentum().clippedBy(.2),
            withRate(new RmsPropSettings(.9, .9, 1)).clippedBy(.2),
            withRate(new AdamSettings(.9, .999, 1e-3)),
            new Nesterovs(.05, .9),
            new RmsProp(.01),
            new Adam(.01))
        .flatMap(
            updater ->
                Stream.of(1, 2, 4)
                    .flatMap(
                        world ->
                            Stream.of(DataType.DOUBLE, DataType.FLOAT)
                                .limit(world == 2 ? 2 : 1)
                                .map(type -> Arguments.of(updater, world, type))));
  }

  private static OptimizerSettings momentum() {
    return withRate(new MomentumSettings(.9, true));
  }

  private static OptimizerSettings withRate(OptimizerSettings settings) {
    settings.setLrAndSchedule(.05, null);
    return settings;
  }

  /** With L2, clipping that bites, and DropBlock. */
  @ParameterizedTest
  @MethodSource("largeBatches")
  void averagedGradientsAreTheLargeBatchs(IUpdater updater, int world, DataType type) {
    SmallNetwork networks = new SmallNetwork(updater, type);
    List<DataSet> batches = networks.batches(STEPS);
    ComputationGraph alone = networks.make();
    INDArray before = alone.params().dup();
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / world);
    List<Double> losses = new ArrayList<>();
    for (DataSet batch : batches) {
      masks.setStep(alone, 0);
      alone.fit(batch);
      losses.add(alone.score());
    }
    SparkComputationGraph ranks = train(networks, RingAveraging.ofGradients(world), batches, masks);
    double moved = alone.params().distance2(before);
    assertThat(moved).isGreaterThan(.05);
    assertThat(
            ranks.getNetwork().params().distance2(alone.params())
                / alone.params().norm2Number().doubleValue())
        .isLessThan(type == DataType.FLOAT ? 1e-6 : 1e-12);
    assertThat(ranks.getNetwork().getConfiguration().getIterationCount()).isEqualTo(STEPS);
    assertThat(ranks.getScore()).isCloseTo(losses.get(STEPS - 1), within(1e-5));
    assertThat(meanScore(ranks))
        .isCloseTo(losses.stream().mapToDouble(loss -> loss).average().orElseThrow(), within(1e-5));
  }

  private static Stream<IUpdater> keepers() {
    return Stream.of(
        new Adam(.01),
        withRate(new AdamSettings(.9, .999, 1e-3)),
        withRate(new RmsPropSettings(.9, .9, 1)));
  }

  /**
   * Every two steps: the mean of what two networks become that know nothing of each other, and of
   * all that their optimisers keep.
   */
  @ParameterizedTest
  @MethodSource("keepers")
  void averagedParametersAreTheMeanOfTheRanks(IUpdater updater) {
    SmallNetwork networks = new SmallNetwork(updater, DataType.DOUBLE);
    List<DataSet> batches = networks.batches(STEPS);
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / 2);
    List<ComputationGraph> alone = List.of(networks.make(), networks.make());
    for (int step = 0; step < STEPS; step++) {
      for (int rank = 0; rank < 2; rank++) {
        masks.setStep(alone.get(rank), rank);
        alone.get(rank).fit(SmallNetwork.part(batches.get(step), rank, 2));
      }
      if (step % 2 == 1 || step == STEPS - 1) {
        average(alone.get(0).params(), alone.get(1).params());
        average(
            alone.get(0).getUpdater().getStateViewArray(),
            alone.get(1).getUpdater().getStateViewArray());
      }
    }
    SparkComputationGraph ranks = train(networks, RingAveraging.every(2, 2), batches, masks);
    assertThat(ranks.getNetwork().params().distance2(alone.get(0).params())).isLessThan(1e-12);
  }

  private static void average(INDArray one, INDArray other) {
    one.addi(other).divi(2);
    other.assign(one);
  }

  /** Ranks keep their networks between two fits, and lose them with their master. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void oneFitOrSeveralIsTheSame(DataType type) {
    SmallNetwork networks = new SmallNetwork(new Adam(.01), type);
    List<DataSet> batches = networks.batches(4);
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / 2);
    NetworkState expected = state(train(networks, RingAveraging.ofGradients(2), batches, masks));

    SparkComputationGraph kept = graph(networks, RingAveraging.ofGradients(2), masks);
    fit(kept, batches.subList(0, 2), 2);
    fit(kept, batches.subList(2, 4), 2);
    assertSameNumbers(state(kept), expected);

    SparkComputationGraph first = graph(networks, RingAveraging.ofGradients(2), masks);
    fit(first, batches.subList(0, 2), 2);
    SparkComputationGraph second =
        new SparkComputationGraph(
            spark, first.getNetwork(), new RingTrainingMaster(RingAveraging.ofGradients(2)));
    second.getTrainingMaster().addHook(masks);
    fit(second, batches.subList(2, 4), 2);
    assertSameNumbers(state(second), expected);
  }

  /** A network changed on the driver between two fits is what the ranks go on with. */
  @Test
  void ranksTakeWhatTheDriverChanged() {
    SmallNetwork networks = new SmallNetwork(new Sgd(.1), DataType.FLOAT);
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / 2);
    SparkComputationGraph graph = graph(networks, RingAveraging.ofGradients(2), masks);
    fit(graph, networks.batches(2), 2);
    graph.getNetwork().params().assign(0);
    fit(graph, List.of(), 2);
    assertThat(meanScore(graph)).as("without a step").isNaN();
    assertThat(graph.getNetwork().params().norm2Number().doubleValue()).isZero();
  }

  @Test
  void aStageThatFailsIsTrainedAgainFromItsStart() {
    SmallNetwork networks = new SmallNetwork(new Adam(.01), DataType.FLOAT);
    List<DataSet> batches = networks.batches(STEPS);
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / 2);
    NetworkState expected = state(train(networks, RingAveraging.ofGradients(2), batches, masks));
    SparkComputationGraph graph = graph(networks, RingAveraging.ofGradients(2), masks);
    graph.getTrainingMaster().addHook(new FailingHook(1, 2));
    fit(graph, batches, 2);
    assertSameNumbers(state(graph), expected);
  }

  /** What is averaged every few steps ends with a round. */
  @ParameterizedTest
  @CsvSource({"1, 0, 0", "1, 2, 2", "2, 3, 4", "3, 1, 3"})
  void oneRankEndsAllBehindTheSameStep(int every, int asked, int trained) {
    SmallNetwork networks = new SmallNetwork(new Adam(.01), DataType.FLOAT);
    List<DataSet> batches = networks.batches(6);
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / 2);
    RingAveraging averaging = RingAveraging.every(2, every);
    SparkComputationGraph graph = graph(networks, averaging, masks);
    graph.getTrainingMaster().addHook(new EndAt(1, asked));
    fit(graph, batches, 2);
    assertThat(((RingTrainingMaster) graph.getTrainingMaster()).stopped()).isTrue();
    assertThat(graph.getNetwork().getConfiguration().getIterationCount()).isEqualTo(trained);
    SparkComputationGraph whole = graph(networks, averaging, masks);
    if (trained > 0) {
      fit(whole, batches.subList(0, trained), 2);
      assertThat(((RingTrainingMaster) whole.getTrainingMaster()).stopped()).isFalse();
    }
    assertSameNumbers(state(graph), state(whole));
  }

  @Test
  void ranksTrainAsManyStepsAsAllOfThemCan() {
    SmallNetwork networks = new SmallNetwork(new Sgd(.1), DataType.FLOAT);
    List<DataSet> batches = networks.batches(3);
    List<DataSet> first = SmallNetwork.parts(batches, 0, 2);
    List<DataSet> second = new ArrayList<>(SmallNetwork.parts(batches, 1, 2).subList(0, 2));
    // another size: not trained on either rank
    second.set(0, SmallNetwork.part(batches.get(0), 0, 4));
    List<DataSet> all = new ArrayList<>(first.subList(0, 2));
    all.addAll(second);
    SparkComputationGraph graph =
        graph(networks, RingAveraging.ofGradients(2), new MaskHook(SmallNetwork.BATCH / 2));
    graph.fit(spark.parallelize(all, 2));
    assertThat(graph.getNetwork().getConfiguration().getIterationCount()).isEqualTo(1);
    graph.fit(spark.parallelize(first, 3).coalesce(1));
    assertThat(graph.getNetwork().getConfiguration().getEpochCount()).isEqualTo(2);
  }

  /** Of four micro-batches one rank has one, the other three: a mean over samples. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void unequalSharesMakeTheStepOfTheLargeBatch(DataType type) {
    SmallNetwork networks = new SmallNetwork(momentum().clippedBy(.2), type);
    List<DataSet> batches = networks.batches(STEPS);
    ComputationGraph alone = networks.make();
    MaskHook masks = new MaskHook(SmallNetwork.BATCH / 4);
    List<Double> losses = new ArrayList<>();
    for (DataSet batch : batches) {
      masks.setStep(alone, 0);
      alone.fit(batch);
      losses.add(alone.score());
    }
    SparkComputationGraph ranks = graph(networks, RingAveraging.ofGradients(2), masks);
    ranks.fitMultiDataSet(shared(batches, SmallNetwork.BATCH));
    assertThat(
            ranks.getNetwork().params().distance2(alone.params())
                / alone.params().norm2Number().doubleValue())
        .isLessThan(type == DataType.FLOAT ? 1e-6 : 1e-12);
    assertThat(ranks.getNetwork().getConfiguration().getIterationCount()).isEqualTo(STEPS);
    assertThat(ranks.getScore()).isCloseTo(losses.get(STEPS - 1), within(1e-5));
    assertThat(meanScore(ranks))
        .isCloseTo(losses.stream().mapToDouble(loss -> loss).average().orElseThrow(), within(1e-5));
  }

  @Test
  void refusesSharesThatDoNotAddUpToTheStep() {
    SmallNetwork networks = new SmallNetwork(new Sgd(.1), DataType.FLOAT);
    SparkComputationGraph graph =
        graph(networks, RingAveraging.ofGradients(2), new MaskHook(SmallNetwork.BATCH / 4));
    JavaRDD<MultiDataSet> shares = shared(networks.batches(2), SmallNetwork.BATCH + 4);
    assertThatThrownBy(() -> graph.fitMultiDataSet(shares))
        .hasMessageContaining("Cannot train a step of 20 samples: ranks have [4, 12] of it");
  }

  /** Rank 0 has the first quarter of each batch, rank 1 the others. */
  private static JavaRDD<MultiDataSet> shared(List<DataSet> batches, long samplesOfStep) {
    List<MultiDataSet> first = new ArrayList<>();
    List<MultiDataSet> second = new ArrayList<>();
    for (DataSet batch : batches) {
      List<DataSet> quarters =
          IntStream.range(0, 4).mapToObj(part -> SmallNetwork.part(batch, part, 4)).toList();
      first.add(new SharedBatch(quarters.subList(0, 1), 0, samplesOfStep));
      second.add(new SharedBatch(quarters.subList(1, 4), SmallNetwork.BATCH / 4, samplesOfStep));
    }
    first.addAll(second);
    return spark.parallelize(first, 2);
  }

  @Test
  void refusesWhatItCannotDo() {
    RingTrainingMaster master = new RingTrainingMaster(RingAveraging.ofGradients(2));
    assertThatThrownBy(() -> master.executeTraining((SparkDl4jMultiLayer) null, null))
        .hasMessage("Cannot train a MultiLayerNetwork on a ring: use its toComputationGraph()");
    assertThatThrownBy(() -> master.setCollectTrainingStats(true))
        .hasMessageStartingWith("Cannot collect dl4j-spark's statistics");
    assertThatThrownBy(() -> RingAveraging.every(2, 0))
        .hasMessage("Cannot average 2 ranks every 0 steps: both must be at least 1");
  }

  private static SparkComputationGraph train(
      SmallNetwork networks, RingAveraging averaging, List<DataSet> batches, MaskHook masks) {
    SparkComputationGraph graph = graph(networks, averaging, masks);
    fit(graph, batches, averaging.world());
    return graph;
  }

  private static SparkComputationGraph graph(
      SmallNetwork networks, RingAveraging averaging, TrainingHook hook) {
    RingTrainingMaster master = new RingTrainingMaster(averaging);
    master.addHook(hook);
    return new SparkComputationGraph(spark, networks.make(), master);
  }

  /** Each rank gets its part of each batch, in order. */
  private static void fit(SparkComputationGraph graph, List<DataSet> batches, int world) {
    List<DataSet> byRank = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      byRank.addAll(SmallNetwork.parts(batches, rank, world));
    }
    graph.fit(spark.parallelize(Collections.unmodifiableList(byRank), world));
  }

  private static double meanScore(SparkComputationGraph graph) {
    return ((RingTrainingMaster) graph.getTrainingMaster()).meanScore();
  }

  private static NetworkState state(SparkComputationGraph graph) {
    return NetworkState.of(graph.getNetwork());
  }

  private static void assertSameNumbers(NetworkState found, NetworkState expected) {
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.arrays()).containsExactlyEntriesOf(expected.arrays());
  }
}
