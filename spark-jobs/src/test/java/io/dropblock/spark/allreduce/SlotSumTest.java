package io.dropblock.spark.allreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.optimizer.settings.AdamSettings;
import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.Ring;
import io.dropblock.spark.ring.RingSettings;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Ranks share the slots of a step out, against one network that accumulates all of them. */
class SlotSumTest {
  private static final int STEPS = 4;
  private static final double KEEP = .8;
  private static final long SEED = 7;
  private static final int SLOTS = 8;
  private static final int SLOT = SmallNetwork.BATCH / SLOTS;

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(5);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static Stream<Arguments> shares() {
    return Stream.of(
        Arguments.of(clipped(new MomentumSettings(.9, true)), DataType.FLOAT, List.of(8)),
        Arguments.of(clipped(new MomentumSettings(.9, true)), DataType.FLOAT, List.of(4, 4)),
        Arguments.of(clipped(new MomentumSettings(.9, true)), DataType.FLOAT, List.of(7, 1)),
        Arguments.of(clipped(new AdamSettings(.9, .999, 1e-3)), DataType.FLOAT, List.of(2, 3, 3)),
        // DL4J's clipping
        Arguments.of(new Sgd(.1), DataType.FLOAT, List.of(1, 1, 5, 1)),
        Arguments.of(new Sgd(.1), DataType.DOUBLE, List.of(2, 1, 2, 1, 2)));
  }

  private static OptimizerSettings clipped(OptimizerSettings settings) {
    settings.setLrAndSchedule(.05, null);
    return settings.clippedBy(.2);
  }

  @ParameterizedTest
  @MethodSource("shares")
  void ranksEndWithTheBitsOfOneNetwork(IUpdater updater, DataType type, List<Integer> shares) {
    SmallNetwork networks = new SmallNetwork(updater, type);
    List<DataSet> batches = networks.batches(STEPS);
    NetworkState expected = NetworkState.of(alone(networks, batches));
    NetworkState found = NetworkState.of(train(networks, shares, batches, settings()));
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.arrays()).containsExactlyEntriesOf(expected.arrays());
    assertThat(found.parameters()).isNotEqualTo(NetworkState.of(networks.make()).parameters());
  }

  /** In floats: the ring's sum rounds otherwise, and what it sends as 16 bits far more. */
  @Test
  void otherSumsAreTheRings() {
    SmallNetwork networks = new SmallNetwork(new Sgd(.1), DataType.FLOAT);
    List<DataSet> batches = networks.batches(STEPS);
    List<Integer> shares = List.of(2, 3, 3);
    ComputationGraph alone = alone(networks, batches);
    assertThat(apart(train(networks, shares, batches, settings()), alone)).isZero();
    assertThat(apart(train(networks, shares, batches, settings().withSum(SumOrder.RANKS)), alone))
        .isBetween(1e-10, 1e-6);
    assertThat(
            apart(
                train(networks, shares, batches, settings().withWire(WireFormat.BFLOAT16)), alone))
        .isBetween(1e-5, 1e-2);
  }

  @Test
  void slotsAreSummedWhereGradientsGoAsTheyAre() {
    RingSettings exact = settings();
    assertThat(new RingAveraging(2, 1, PortRange.any(), exact).sumsSlots()).isTrue();
    assertThat(new RingAveraging(2, 2, PortRange.any(), exact).sumsSlots()).isFalse();
    assertThat(
            Stream.of(exact.withSum(SumOrder.RANKS), exact.withWire(WireFormat.BFLOAT16))
                .map(ring -> new RingAveraging(2, 1, PortRange.any(), ring).sumsSlots()))
        .containsOnly(false);
  }

  /** What is told of a step tells summing from back-propagation. */
  @Test
  void summingIsAPhaseOfItsOwn() {
    PhaseClock clock = new PhaseClock();
    INDArray last = Nd4j.createFromArray(10f, 20f);
    try (Ring ring = Ring.alone()) {
      new SlotSum(ring, clock, 4).sum(List.of(Nd4j.createFromArray(1f, 2f), last));
    }
    assertThat(last.toFloatVector()).containsExactly(11, 22);
    assertThat(clock.take().milliseconds(1)).containsKeys(Phase.BACKWARD, Phase.AVERAGE);
  }

  /** The definition. */
  private static ComputationGraph alone(SmallNetwork networks, List<DataSet> batches) {
    ComputationGraph network = networks.make();
    GradientAccumulation accumulation = new GradientAccumulation(network);
    for (DataSet batch : batches) {
      int step = network.getConfiguration().getIterationCount();
      DropBlockSites.of(network).set(new DropBlockStep(KEEP, SEED, step, 0));
      accumulation.fit(slots(batch).stream().map(DataSet::toMultiDataSet).toList());
    }
    return network;
  }

  private static ComputationGraph train(
      SmallNetwork networks, List<Integer> shares, List<DataSet> batches, RingSettings settings) {
    List<MultiDataSet> byRank = new ArrayList<>();
    int from = 0;
    for (int share : shares) {
      for (DataSet batch : batches) {
        List<DataSet> own = slots(batch).subList(from, from + share);
        byRank.add(new SharedBatch(own, (long) from * SLOT, SmallNetwork.BATCH));
      }
      from += share;
    }
    assertThat(from).isEqualTo(SLOTS);
    SparkComputationGraph graph = graph(networks, shares.size(), settings);
    DropBlockHook drop = new DropBlockHook(SEED);
    drop.keep(KEEP);
    graph.getTrainingMaster().addHook(drop);
    graph.fitMultiDataSet(spark.parallelize(byRank, shares.size()));
    return graph.getNetwork();
  }

  private static SparkComputationGraph graph(
      SmallNetwork networks, int world, RingSettings settings) {
    return new SparkComputationGraph(
        spark,
        networks.make(),
        new RingTrainingMaster(new RingAveraging(world, 1, PortRange.any(), settings)));
  }

  private static List<DataSet> slots(DataSet batch) {
    return IntStream.range(0, SLOTS)
        .mapToObj(slot -> SmallNetwork.part(batch, slot, SLOTS))
        .toList();
  }

  private static RingSettings settings() {
    return RingSettings.defaults();
  }

  /** Relative to the length of the parameters. */
  private static double apart(ComputationGraph one, ComputationGraph other) {
    return one.params().distance2(other.params()) / other.params().norm2Number().doubleValue();
  }
}
