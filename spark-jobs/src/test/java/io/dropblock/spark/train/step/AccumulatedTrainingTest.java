package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dropblock.metric.Histogram;
import io.dropblock.nn.DropBlock;
import io.dropblock.nn.NetworkState;
import io.dropblock.op.Normalization;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.train.SmallRun;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Two ranks on a Spark inside this JVM, with a network without batch normalisation. */
class AccumulatedTrainingTest {
  private static final int WORLD = 2;
  private static final Averaging STOCK = Averaging.of(Averaging.Way.STOCK, 2);
  private static final Averaging RING = Averaging.of(Averaging.Way.RING, 2);

  @TempDir private static Path folder;
  private static JavaSparkContext spark;
  private static FeedSource source;

  @BeforeAll
  static void prepare() throws IOException {
    spark = LocalSpark.start(WORLD);
    DatasetManifest manifest =
        TestShards.manifest(
            List.of(
                TestShards.write(
                    folder,
                    "train-00000.parquet",
                    TestShards.records("train", 300, SmallRun.CLASSES),
                    64)),
            List.of(),
            SmallRun.CLASSES);
    source =
        new FeedSource(
            folder.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(new PadCrop(16, 2, true)),
            io.dropblock.spark.data.image.Normalization.IMAGENET);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @ParameterizedTest
  @EnumSource(Averaging.Way.class)
  void accumulatedStepsAreThoseOfTheLargeBatch(Averaging.Way way) {
    Averaging averaging = Averaging.of(way, 2);
    Run large = train(16, 1, averaging, averaging.master(WORLD, 16));
    Run accumulated = train(8, 2, averaging, averaging.master(WORLD, 8));
    assertThat(large.steps()).isEqualTo(9);
    assertThat(accumulated.steps()).isEqualTo(9);
    assertThat(accumulated.result().loss()).isCloseTo(large.result().loss(), within(1e-6));
    assertThat(large.result().keptFraction()).isBetween(.6, .95);
    assertThat(accumulated.result().keptFraction())
        .isCloseTo(large.result().keptFraction(), within(1e-12));
    assertThat(distance(large, network())).isGreaterThan(.03);
    assertThat(distance(accumulated, large.network())).isLessThan(1e-5);
  }

  /** Of the last step, the mean over all images of the global batch. */
  @Test
  void gradientsAreLookedAtWhenTheyAreAveraged() {
    Averaging averaging = Averaging.of(Averaging.Way.RING, 1);
    Map<String, Histogram> large =
        train(16, 1, averaging, averaging.master(WORLD, 16)).result().layers().gradients();
    Map<String, Histogram> accumulated =
        train(8, 2, averaging, averaging.master(WORLD, 8)).result().layers().gradients();
    assertThat(large.keySet()).containsExactly("conv/b", "conv/W", "out/W", "out/b");
    assertThat(accumulated.keySet()).isEqualTo(large.keySet());
    large.forEach(
        (name, gradient) -> {
          assertThat(gradient.squares()).as(name).isPositive();
          assertThat(accumulated.get(name).squares())
              .isCloseTo(gradient.squares(), withinPercentage(.01));
        });
    Run stock = train(16, 1, STOCK, STOCK.master(WORLD, 16));
    assertThat(stock.result().layers().gradients()).isEmpty();
    assertThat(stock.result().layers().parameters()).containsKeys("conv/W", "out/b");
  }

  @Test
  void withoutAccumulationTheyAreTheStockMastersBitForBit() {
    TrainingMaster<?, ?> stock = STOCK.stock(WORLD, 16).build();
    NetworkState expected = NetworkState.of(train(16, 1, STOCK, stock).network());
    NetworkState ours = NetworkState.of(train(16, 1, STOCK, STOCK.master(WORLD, 16)).network());
    assertThat(ours.parameters()).isEqualTo(expected.parameters());
    assertThat(ours.arrays()).containsExactlyEntriesOf(expected.arrays());
  }

  /** The same rounds, though in one Spark job in place of five. */
  @Test
  void theRingAveragesAsTheStockMasterDoes() {
    Run stock = train(16, 1, STOCK, STOCK.master(WORLD, 16));
    Run ring = train(16, 1, RING, RING.master(WORLD, 16));
    assertThat(distance(ring, stock.network())).isLessThan(1e-6);
    assertThat(ring.result().loss()).isCloseTo(stock.result().loss(), within(1e-6));
    assertThat(ring.result().keptFraction())
        .isCloseTo(stock.result().keptFraction(), within(1e-12));
  }

  private record Run(ComputationGraph network, EpochRunner.Result result, int steps) {}

  private static Run train(
      int localBatch, int accumulation, Averaging averaging, TrainingMaster<?, ?> master) {
    RankFeed feed =
        new RankFeed(
            source,
            new Classification(SmallRun.CLASSES),
            new SerializableConfiguration(new Configuration()),
            Slots.ofRanks(WORLD, accumulation, localBatch),
            WORLD,
            2);
    assertThat(feed.globalBatch()).isEqualTo(32);
    SparkComputationGraph graph = new SparkComputationGraph(spark, network(), master);
    List<RunEvent> events = new ArrayList<>();
    EpochRunner runner =
        new EpochRunner(
            spark,
            graph,
            averaging,
            spark.broadcast(feed),
            WatchedLayers.some(),
            events::add,
            () -> false);
    TrainingPlan plan =
        new TrainingPlan(
            1,
            feed.stepsPerEpoch(),
            Schedule.parse("linear(0.9, 0.6)"),
            Schedule.parse("linear(0.02, 0.01)"),
            7);
    EpochRunner.Result result = runner.run(plan.epoch(0), 1, 0, List.of());
    assertThat(events).isNotEmpty();
    return new Run(graph.getNetwork(), result, plan.stepsPerEpoch());
  }

  private static double distance(Run run, ComputationGraph other) {
    INDArray difference = run.network().params().sub(other.params());
    return difference.normmaxNumber().doubleValue();
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph ->
            graph.addLayer(
                "last",
                new DropBlock.Builder().blockSize(3).normalization(Normalization.NONE).build(),
                "conv"));
  }
}
