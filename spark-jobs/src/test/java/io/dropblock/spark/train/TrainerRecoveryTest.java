package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.DropBlock;
import io.dropblock.op.Normalization;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.optimizer.settings.AdamSettings;
import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.optimizer.settings.RmsPropSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.files.FullDisk;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.LoggedSteps;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WatchedLayers;
import io.dropblock.spark.train.step.WeightAverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks that die in a Spark inside this JVM, whose stages have one attempt, as our session's. */
class TrainerRecoveryTest {
  private static final int WORLD = 2;
  private static final int LOCAL_BATCH = 5;
  private static final int EPOCHS = 3;
  private static final int STEPS = 10;
  private static final int CHECKPOINT_EVERY = 4;

  @TempDir private static Path data;
  private static JavaSparkContext spark;
  private static DatasetManifest manifest;

  @TempDir private Path runs;
  private Optional<WeightAverage> average = Optional.empty();
  private OptimizerSettings optimizer = new MomentumSettings(.9, true);

  @BeforeAll
  static void prepare() throws IOException {
    spark = LocalSpark.start(WORLD, Map.of("spark.stage.maxConsecutiveAttempts", "1"));
    manifest =
        TestShards.manifest(
            List.of(
                TestShards.write(
                    data,
                    "train-00000.parquet",
                    TestShards.records("train", 100, SmallRun.CLASSES),
                    64)),
            List.of(),
            SmallRun.CLASSES);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void failNever() {
    FailingActivation.failAfter(0, 0);
  }

  @ParameterizedTest
  @CsvSource({"RING, 1, 0", "RING, 2, 0", "STOCK, 2, 0", "RING, 1, 1", "RING, 2, 4", "STOCK, 2, 2"})
  void aRunWithFailuresEndsAsOneWithout(Averaging.Way way, int every, int averageEvery)
      throws IOException {
    if (averageEvery > 0) {
      average = Optional.of(new WeightAverage(.9, averageEvery));
    }
    List<RunEvent> told = new ArrayList<>();
    Checkpoint undisturbed = run("undisturbed", way, every, told);
    assertThat(undisturbed.network().hasAverage()).isEqualTo(averageEvery > 0);
    assertThat(told).noneMatch(RunEvent.Failed.class::isInstance);
    told.clear();
    // in the second epoch, behind its first checkpoint
    FailingActivation.failAfter(WORLD * (STEPS + 6), 1);
    Checkpoint disturbed = run("disturbed", way, every, told);
    assertEqual(disturbed, undisturbed);
    assertThat(told)
        .filteredOn(RunEvent.Failed.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            RunEvent.Failed.class,
            failed -> {
              assertThat(failed.step()).isEqualTo(STEPS + CHECKPOINT_EVERY);
              assertThat(failed.failures()).isEqualTo(1);
              assertThat(failed.reason())
                  .matches("rank [01] on .*: UncheckedIOException: told to fail");
            });
    List<RunEvent> logged = LoggedSteps.rising(folder("disturbed"), STEPS * EPOCHS - 1);
    assertThat(logged).filteredOn(RunEvent.Failed.class::isInstance).hasSize(1);
    assertThat(logged).filteredOn(RunEvent.Epoch.class::isInstance).hasSize(EPOCHS);
    assertThat(logged).filteredOn(RunEvent.Started.class::isInstance).hasSize(1);
  }

  /** All that they keep comes back, and the number of the step. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void anyOptimizerGoesOnAsIfNothingHadFailed(OptimizerSettings settings) throws IOException {
    optimizer = settings;
    List<RunEvent> told = new ArrayList<>();
    Checkpoint undisturbed = run("undisturbed", Averaging.Way.RING, 1, told);
    FailingActivation.failAfter(WORLD * (STEPS + 6), 1);
    Checkpoint disturbed = run("disturbed", Averaging.Way.RING, 1, told);
    assertThat(told).filteredOn(RunEvent.Failed.class::isInstance).hasSize(1);
    assertThat(undisturbed.network().arrays()).hasSize(3);
    assertEqual(disturbed, undisturbed);
  }

  private static Stream<OptimizerSettings> optimizers() {
    return Stream.of(new RmsPropSettings(.9, .9, 1), new AdamSettings(.9, .999, 1e-3).clippedBy(1));
  }

  /** Spark tries a task of the stock master's again itself. */
  @Test
  void beforeTheFirstCheckpointItBeginsAgain() throws IOException {
    List<RunEvent> told = new ArrayList<>();
    Checkpoint undisturbed = run("undisturbed", Averaging.Way.RING, 1, told);
    FailingActivation.failAfter(3, 1);
    assertEqual(run("disturbed", Averaging.Way.RING, 1, told), undisturbed);
    assertThat(told)
        .filteredOn(RunEvent.Failed.class::isInstance)
        .extracting(event -> ((RunEvent.Failed) event).step())
        .containsExactly(0L);
  }

  @Test
  void givesUpAfterASetNumberOfFailuresAndCanBeResumed() throws IOException {
    List<RunEvent> told = new ArrayList<>();
    Checkpoint undisturbed = run("undisturbed", Averaging.Way.RING, 1, told);
    FailingActivation.failAfter(WORLD * (STEPS + 6), Integer.MAX_VALUE);
    assertThatThrownBy(() -> run("disturbed", Averaging.Way.RING, 1, told))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "Cannot go on with run .*disturbed: 3 failures since step 14, the last: rank [01] on "
                + ".*: UncheckedIOException: told to fail; its checkpoints are whole: mend it and "
                + "use --resume");
    assertThat(told)
        .filteredOn(RunEvent.Failed.class::isInstance)
        .extracting(event -> ((RunEvent.Failed) event).failures())
        .containsExactly(1, 2);
    assertThat(names("disturbed")).containsExactly("epoch-0001", "epoch-0001-step-00000004");
    failNever();
    RunFolder folder = folder("disturbed");
    assertEqual(
        train(folder, Averaging.Way.RING, 1, told, folder.checkpoints().latest(line -> {})),
        undisturbed);
    assertThat(names("disturbed")).containsExactly("epoch-0002", "epoch-0003");
    LoggedSteps.rising(folder, STEPS * EPOCHS - 1);
  }

  /** Not for any way of averaging: Spark itself would try a task of the stock master's again. */
  @ParameterizedTest
  @EnumSource(Averaging.Way.class)
  void aFailureOfTheProgramIsToldOnce(Averaging.Way way) {
    List<RunEvent> told = new ArrayList<>();
    FailingActivation.failAlways();
    assertThatThrownBy(() -> run("disturbed", way, 2, told))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "Cannot go on with run .*disturbed: rank [01] on .*: Cannot train: told to fail; it "
                + "would fail again, so mend it and use --resume");
    assertThat(told).noneMatch(RunEvent.Failed.class::isInstance);
    assertThat(FailingActivation.failed()).as("once a rank").isLessThanOrEqualTo(WORLD);
  }

  /** The record is named, and nothing is tried again. */
  @Test
  void aDamagedShardIsToldOnce() throws IOException {
    Path shard = data.resolve("train-00000.parquet");
    byte[] whole = Files.readAllBytes(shard);
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 4;
    Files.write(shard, damaged);
    Files.deleteIfExists(data.resolve(".train-00000.parquet.crc"));
    List<RunEvent> told = new ArrayList<>();
    try {
      assertThatThrownBy(() -> run("disturbed", Averaging.Way.RING, 1, told))
          .isInstanceOf(TrainingException.class)
          .hasMessageMatching(
              "Cannot go on with run .*: rank [01] on .*: Cannot read shard .*train-00000.parquet:"
                  + " block [01] \\(records \\d+ to \\d+\\): .*; it would fail again, so mend it"
                  + " .*");
      assertThat(told).noneMatch(RunEvent.Failed.class::isInstance);
    } finally {
      Files.write(shard, whole);
    }
  }

  /** What half a checkpoint leaves that a rank was writing when it was killed. */
  @Test
  void leftOversOfKilledRanksAreRemovedWithinTheRun() throws IOException {
    Path half = runs.resolve("disturbed/checkpoints/_tmp.epoch-0001-step-00000004.1");
    List<Boolean> there = new ArrayList<>();
    List<RunEvent> told =
        new ArrayList<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean add(RunEvent event) {
            if (event instanceof RunEvent.Failed) {
              assertThat(half.toFile().mkdirs()).isTrue();
            } else if (event instanceof RunEvent.Epoch) {
              there.add(Files.exists(half));
            }
            return super.add(event);
          }
        };
    FailingActivation.failAfter(WORLD * (STEPS + 6), 1);
    run("disturbed", Averaging.Way.RING, 1, told);
    assertThat(there).containsExactly(false, false, false);
  }

  @Test
  void aFullDiskIsToldInOneLineAndLeavesNoHalf() throws IOException {
    Configuration configuration = spark.hadoopConfiguration();
    configuration.set(FullDisk.SETTING, FullDisk.class.getName());
    RunFolder folder =
        RunFolder.create(
            new org.apache.hadoop.fs.Path("full:" + runs.resolve("full")),
            "seed: 1\n",
            configuration);
    List<RunEvent> told = new ArrayList<>();
    FullDisk.left = 2000;
    try {
      assertThatThrownBy(() -> train(folder, Averaging.Way.RING, 1, told, Optional.empty()))
          .isInstanceOf(TrainingException.class)
          .hasMessageMatching(
              "Cannot write checkpoint full:/.*/full/checkpoints/epoch-0001: No space left on "
                  + "device; free space and use --resume");
    } finally {
      FullDisk.left = Long.MAX_VALUE;
    }
    assertThat(told)
        .as("by steps, as a checkpoint within an epoch is no reason to stop")
        .noneMatch(RunEvent.Failed.class::isInstance);
    assertThat(names("full")).isEmpty();
    train(folder, Averaging.Way.RING, 1, told, folder.checkpoints().latest(line -> {}));
    assertThat(names("full")).containsExactly("epoch-0002", "epoch-0003");
  }

  private static void assertEqual(Checkpoint one, Checkpoint other) {
    assertThat(one.manifest().step()).isEqualTo(other.manifest().step());
    assertThat(one.network().parameters()).isEqualTo(other.network().parameters());
    assertThat(one.network().arrays()).containsExactlyEntriesOf(other.network().arrays());
  }

  private List<String> names(String run) throws IOException {
    try (var paths = Files.list(runs.resolve(run).resolve("checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private Checkpoint run(String name, Averaging.Way way, int every, List<RunEvent> told) {
    RunFolder folder =
        RunFolder.create(
            new org.apache.hadoop.fs.Path(runs.resolve(name).toUri()),
            "seed: 1\n",
            new Configuration());
    return train(folder, way, every, told, Optional.empty());
  }

  private RunFolder folder(String name) {
    return RunFolder.open(
        new org.apache.hadoop.fs.Path(runs.resolve(name).toUri()), new Configuration());
  }

  private Checkpoint train(
      RunFolder folder,
      Averaging.Way way,
      int every,
      List<RunEvent> told,
      Optional<Checkpoint> resumed) {
    SerializableConfiguration configuration = new SerializableConfiguration(new Configuration());
    FeedSource source =
        new FeedSource(
            data.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(new PadCrop(16, 2, true)),
            io.dropblock.spark.data.image.Normalization.IMAGENET);
    RankFeed feed =
        new RankFeed(
            source,
            new Classification(SmallRun.CLASSES),
            configuration,
            Slots.ofRanks(WORLD, 1, LOCAL_BATCH),
            WORLD,
            2);
    assertThat(feed.stepsPerEpoch()).isEqualTo(STEPS);
    TrainingPlan plan = plan(feed.stepsPerEpoch());
    Averaging averaging = Averaging.of(way, every);
    Trainer.Settings settings =
        new Trainer.Settings(
            "small",
            "seed: 1\n",
            plan,
            averaging,
            RankLimits.fixed(feed.world()),
            SlotShare.whole(),
            new RecoverySettings(3, 2, Duration.ofSeconds(20), Duration.ofSeconds(20)),
            1,
            WatchedLayers.some());
    new Trainer(
            spark,
            folder,
            settings,
            SmallRun.hooks(
                spark,
                folder,
                feed,
                new Evaluation(
                    new Classification(SmallRun.CLASSES),
                    source,
                    configuration,
                    WORLD,
                    LOCAL_BATCH,
                    2),
                plan,
                2,
                2,
                averaging.wholeRounds(CHECKPOINT_EVERY)),
            told::add)
        .run(network(), feed, Beginning.of(resumed));
    return folder.checkpoints().named("latest", line -> {});
  }

  private TrainingPlan plan(int steps) {
    return new TrainingPlan(
        EPOCHS,
        steps,
        steps,
        Schedule.parse("linear(0.9, 0.6)"),
        Schedule.parse("linear(0.02, 0.01)"),
        7,
        average);
  }

  private ComputationGraph network() {
    return SmallRun.network(
        optimizer,
        graph ->
            graph
                .addLayer("norm", new BatchNormalization(), "conv")
                // not in the convolution: DL4J would take an error of its for one of oneDNN's
                .addLayer("tanh", new ActivationLayer(new FailingActivation()), "norm")
                .addLayer(
                    "last",
                    new DropBlock.Builder().blockSize(3).normalization(Normalization.NONE).build(),
                    "tanh"));
  }
}
