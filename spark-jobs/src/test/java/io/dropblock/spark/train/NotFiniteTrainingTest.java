package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NotFinite;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WatchedLayers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A learning rate that is far too high, from the second epoch on. */
class NotFiniteTrainingTest {
  private static final int WORLD = 2;
  private static final int STEPS = 5;

  @TempDir private static Path data;
  @TempDir private Path runs;
  private static JavaSparkContext spark;
  private static DatasetManifest manifest;

  private final List<RunEvent> told = new ArrayList<>();

  @BeforeAll
  static void prepare() throws IOException {
    spark = LocalSpark.start(WORLD, Map.of("spark.stage.maxConsecutiveAttempts", "1"));
    manifest = SmallRun.store(data, WORLD * 4 * STEPS);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @ParameterizedTest
  @CsvSource({"RING, 1", "RING, 2", "STOCK, 2"})
  void endsTheRunAtItsStepAndKeepsGoodCheckpointsOnly(Averaging.Way way, int every)
      throws IOException {
    RunFolder folder = create(way + "-" + every);
    assertThatThrownBy(() -> train(folder, way, every, "steps(0.01, 1e38 @ 0.5)", Optional.empty()))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "Cannot go on with run .*: (the|parameter) .* is not finite after step (6|7|8) on rank"
                + " [01]; its checkpoints are finite, the last is epoch-0001(-step-0000000[12])?: lower"
                + " train.learning_rate and use --resume; should it end so again, move the last"
                + " checkpoint away");
    assertThat(told).noneMatch(RunEvent.Failed.class::isInstance);
    for (CheckpointName name : folder.checkpoints().newestFirst()) {
      assertThat(NotFinite.in(folder.checkpoints().named(name.toString(), line -> {}).network()))
          .isEmpty();
    }

    // finite, and far from where a lower rate could go on
    for (CheckpointName name : folder.checkpoints().newestFirst()) {
      if (name.steps() > 0) {
        folder.files().delete(folder.checkpoints().path(name), true);
      }
    }
    Optional<Checkpoint> last = folder.checkpoints().takeToResume(line -> {});
    train(folder, way, every, "0.01", last);
    assertThat(folder.checkpoints().named("latest", line -> {}).manifest().epochs()).isEqualTo(2);
  }

  /** The loss stays finite, and so do the weights. */
  @Test
  void seesTheMovingStatistics() {
    ComputationGraph network = network();
    network.getParam("last_log10stdev").putScalar(1, 200);
    RunFolder folder = create("statistics");
    assertThatThrownBy(
            () ->
                new Trainer(
                        spark,
                        folder,
                        settings(Averaging.Way.RING, 1, "0"),
                        hooks(folder, Averaging.Way.RING, 1),
                        told::add)
                    .run(network, feed(), Beginning.of(Optional.empty())))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "Cannot go on with run .*: the moving variance of 'last' is not finite after step"
                + " 1 on rank [01]; there is no checkpoint yet: lower train.learning_rate and use"
                + " --resume");
  }

  private void train(
      RunFolder folder, Averaging.Way way, int every, String rate, Optional<Checkpoint> resumed) {
    new Trainer(spark, folder, settings(way, every, rate), hooks(folder, way, every), told::add)
        .run(network(), feed(), Beginning.of(resumed));
  }

  private static Trainer.Settings settings(Averaging.Way way, int every, String rate) {
    return new Trainer.Settings(
        "small",
        "name: small\n",
        plan(rate),
        Averaging.of(way, every),
        RankLimits.fixed(WORLD),
        SlotShare.whole(),
        RecoverySettings.defaults(),
        1,
        WatchedLayers.some());
  }

  private static TrainingPlan plan(String rate) {
    return new TrainingPlan(2, STEPS, Schedule.parse("1"), Schedule.parse(rate), 7);
  }

  private static List<EpochHook> hooks(RunFolder folder, Averaging.Way way, int every) {
    return SmallRun.hooks(
        spark,
        folder,
        feed(),
        evaluation(),
        plan("0"),
        2,
        2,
        Averaging.of(way, every).wholeRounds(1));
  }

  private RunFolder create(String name) {
    return RunFolder.create(
        new org.apache.hadoop.fs.Path(runs.resolve(name).toUri()),
        "name: small\n",
        new Configuration());
  }

  private static FeedSource source() {
    return new FeedSource(
        data.toString(),
        manifest,
        Split.TRAIN,
        new ClassPreprocessing(new PadCrop(SmallRun.SIZE, 2, true)),
        Normalization.IMAGENET);
  }

  private static RankFeed feed() {
    return new RankFeed(
        source(),
        new Classification(SmallRun.CLASSES),
        new SerializableConfiguration(new Configuration()),
        Slots.ofRanks(WORLD, 1, 4),
        WORLD,
        2);
  }

  private static Evaluation evaluation() {
    return new Evaluation(
        new Classification(SmallRun.CLASSES),
        source(),
        new SerializableConfiguration(new Configuration()),
        WORLD,
        4,
        2);
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph -> graph.addLayer("last", new BatchNormalization(), "conv"));
  }
}
