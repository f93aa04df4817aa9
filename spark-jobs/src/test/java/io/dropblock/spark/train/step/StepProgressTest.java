package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.train.SmallRun;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;

/** Two tasks of a Spark inside this JVM that tells fifty times a second. */
class StepProgressTest {
  private static final int WORLD = 2;
  private static final int STEPS = 6;

  private static final EpochPlan PLAN =
      new TrainingPlan(2, STEPS, Schedule.parse("0.9"), Schedule.parse("0.1"), 7).epoch(1);

  @TempDir private Path data;
  private DatasetManifest manifest;
  private BooleanSupplier stop = () -> false;

  @BeforeEach
  void store() throws IOException {
    manifest = SmallRun.store(data, STEPS * WORLD * 4);
  }

  /**
   * Ranks stop before step 3 until somebody was told of the steps before it: while the epoch's job
   * runs. Each step is told of once, the last one when all is done.
   */
  @Test
  void anEpochTellsOfItsStepsWhileItRuns() {
    long pause = PLAN.firstStep() + 3;
    List<RunEvent.Steps> told = new CopyOnWriteArrayList<>();
    EpochRunner.Result result =
        epoch(
            Map.of(TrainingPlugin.INTERVAL, "20ms"),
            Optional.of(new PauseHook(pause)),
            event -> {
              RunEvent.Steps steps = (RunEvent.Steps) event;
              told.add(steps);
              if (steps.step() == pause - 1) {
                PauseHook.goOn();
              }
            });
    List<Long> steps = told.stream().map(RunEvent.Steps::step).toList();
    assertThat(steps).isSorted().doesNotHaveDuplicates();
    assertThat(steps)
        .contains(pause - 1)
        .endsWith(PLAN.lastStep())
        .allMatch(step -> step >= PLAN.firstStep());
    assertThat(told).allMatch(one -> Double.isFinite(one.loss()) && one.imagesPerSecond() > 0);
    assertThat(told).allMatch(one -> one.epoch() == 1);
    assertThat(mean(told)).as("of slices only").isCloseTo(result.loss(), within(1e-9));
  }

  /** Ranks wait before step 3 until they were told, at the latest by the second answer. */
  @Test
  void ranksEndBehindTheirStepWhereTheDriverWantsIt() {
    long pause = PLAN.firstStep() + 3;
    List<RunEvent.Steps> told = new CopyOnWriteArrayList<>();
    AtomicInteger answers = new AtomicInteger();
    stop =
        () -> {
          if (told.isEmpty() || told.get(told.size() - 1).step() < pause - 1) {
            return false;
          }
          if (answers.incrementAndGet() > 1) {
            PauseHook.goOn();
          }
          return true;
        };
    EpochRunner.Result result =
        epoch(
            Map.of(TrainingPlugin.INTERVAL, "20ms"),
            Optional.of(new PauseHook(pause)),
            event -> told.add((RunEvent.Steps) event));
    assertThat(result.stepsDone()).isEqualTo(4);
    assertThat(told.get(told.size() - 1).step()).isEqualTo(pause);
  }

  private static double mean(List<RunEvent.Steps> slices) {
    return slices.stream().mapToDouble(slice -> slice.loss() * slice.steps()).sum() / STEPS;
  }

  @Test
  void withoutThePluginItTrainsAndTellsNoSteps() {
    List<RunEvent> told = new CopyOnWriteArrayList<>();
    EpochRunner.Result result =
        epoch(Map.of(TrainingPlugin.SETTING, ""), Optional.empty(), told::add);
    assertThat(told).isEmpty();
    assertThat(result.loss()).isEqualTo(epoch(Map.of(), Optional.empty(), told::add).loss());
    assertThat(told).isNotEmpty();
  }

  @Test
  void aListenerThatFailsEndsNothing() {
    EpochRunner.Result result =
        epoch(
            Map.of(),
            Optional.empty(),
            event -> {
              throw new IllegalStateException("told to fail");
            });
    assertThat(result.loss()).isFinite();
  }

  /** Rank 1 is slower, and rank 0 writes something behind each step: both wait for the other. */
  @Test
  void eachRankTellsWhereItsTimeWent() {
    SleepHook slow = new SleepHook(1);
    EpochRunner.Result result =
        epoch(Averaging.Way.RING, Map.of(), Optional.of(slow), List.of(slow), event -> {});
    double slept = STEPS * SleepHook.MILLIS / 1e3;
    Map<String, Double> first = result.ranks().get(0).seconds();
    Map<String, Double> second = result.ranks().get(1).seconds();
    for (String phase : List.of("data", "forward", "backward", "average", "wait", "update")) {
      assertThat(first.get(phase)).as(phase).isPositive();
      assertThat(second.get(phase)).as(phase).isPositive();
    }
    assertThat(first.get("checkpoint")).isGreaterThanOrEqualTo(slept);
    assertThat(second.get("checkpoint")).isZero();
    assertThat(second.get("forward")).isGreaterThanOrEqualTo(slept);
    assertThat(first.get("wait")).as("in the averaging").isGreaterThan(slept / 2);
    assertThat(second.get("wait")).as("before the next step").isGreaterThan(slept / 2);
    for (RunEvent.RankTimes rank : result.ranks()) {
      assertThat(rank.seconds().values().stream().mapToDouble(it -> it).sum())
          .isLessThanOrEqualTo(result.seconds());
    }
  }

  @Test
  void ranksOfTheStockMasterTellItToo() {
    EpochRunner.Result result =
        epoch(Averaging.Way.STOCK, Map.of(), Optional.empty(), List.of(), event -> {});
    assertThat(result.ranks()).hasSize(WORLD);
    for (RunEvent.RankTimes rank : result.ranks()) {
      assertThat(rank.steps()).isEqualTo(STEPS);
      for (String phase : List.of("data", "forward", "backward", "update")) {
        assertThat(rank.seconds().get(phase)).as(phase).isPositive();
      }
      assertThat(rank.seconds().get("wait")).isZero();
    }
  }

  private EpochRunner.Result epoch(
      Map<String, String> settings, Optional<TrainingHook> hook, Consumer<RunEvent> events) {
    return epoch(Averaging.Way.RING, settings, hook, List.of(), events);
  }

  private EpochRunner.Result epoch(
      Averaging.Way way,
      Map<String, String> settings,
      Optional<TrainingHook> hook,
      List<StepHook> within,
      Consumer<RunEvent> events) {
    FeedSource source =
        new FeedSource(
            data.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(new CentreCrop(SmallRun.SIZE)),
            Normalization.IMAGENET);
    RankFeed feed =
        new RankFeed(
            source,
            new Classification(SmallRun.CLASSES),
            new SerializableConfiguration(new Configuration()),
            Slots.ofRanks(WORLD, 1, 4),
            WORLD,
            1);
    assertThat(feed.stepsPerEpoch()).isEqualTo(STEPS);
    Averaging averaging = Averaging.of(way, 1);
    try (JavaSparkContext spark = LocalSpark.start(WORLD, settings)) {
      SparkComputationGraph graph =
          new SparkComputationGraph(
              spark,
              SmallRun.network(
                  new MomentumSettings(0, false),
                  layers ->
                      layers.addLayer("last", new ActivationLayer(Activation.IDENTITY), "conv")),
              averaging.master(WORLD, 4));
      hook.ifPresent(graph.getTrainingMaster()::addHook);
      return new EpochRunner(
              spark, graph, averaging, spark.broadcast(feed), WatchedLayers.none(), events, stop)
          .run(PLAN, 2, 0, within);
    }
  }
}
