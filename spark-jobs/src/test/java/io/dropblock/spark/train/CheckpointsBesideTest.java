package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;

/** A training whose store stands still until steps were told of that come later. */
class CheckpointsBesideTest {
  private static final int WORLD = 2;
  private static final int STEPS = 10;
  private static final int EPOCHS = 2;

  @TempDir private static Path data;
  private static DatasetManifest manifest;

  @TempDir private Path folder;

  private final List<RunEvent> told = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch gate = new CountDownLatch(1);
  private volatile boolean gaveUp;

  @BeforeAll
  static void store() throws IOException {
    manifest = SmallRun.store(data, WORLD * 4 * STEPS);
  }

  @AfterEach
  void letGo() {
    gate.countDown();
    SlowStore.hold(null);
  }

  @Test
  void stepsGoOnWhileACheckpointWithinTheEpochIsWritten() throws IOException {
    hold("epoch-0000-step-00000004");
    train(Map.of(), event -> event instanceof RunEvent.Steps steps && steps.step() >= 5);
    assertThat(gaveUp).as("the store waited in vain").isFalse();
    assertAllWritten();
    assertSameAsUndisturbed();
  }

  private void assertAllWritten() {
    assertThat(checkpoints())
        .containsExactly(
            "epoch-0000-step-00000004",
            "epoch-0000-step-00000008",
            "epoch-0001",
            "epoch-0001-step-00000004",
            "epoch-0001-step-00000008",
            "epoch-0002");
  }

  @Test
  void theNextEpochGoesOnWhileTheCheckpointOfTheLastIsWritten() throws IOException {
    hold("epoch-0001.");
    train(Map.of(), event -> event instanceof RunEvent.Steps steps && steps.epoch() == 1);
    assertThat(gaveUp).as("the store waited in vain").isFalse();
    assertAllWritten();
    List<String> order =
        told.stream()
            .filter(
                it -> it instanceof RunEvent.Epoch || it.equals(whole(1)) || it.equals(whole(2)))
            .map(it -> it.getClass().getSimpleName())
            .toList();
    assertThat(order).startsWith("Epoch", "Checkpoint");
    assertSameAsUndisturbed();
  }

  private static RunEvent whole(int epochs) {
    return new RunEvent.Checkpoint(epochs * STEPS - 1L, "epoch-000" + epochs);
  }

  /** Else it would be taken for dead: the ring hears nothing of it while it waits in a step. */
  @Test
  void aRankDoesNotWaitLongerThanOthersWaitForIt() throws IOException {
    hold("epoch-0000-step-00000004");
    train(
        Map.of("spark.dropblock.ring.silence", "4s"),
        event -> event instanceof RunEvent.Steps steps && steps.step() >= 8);
    assertThat(gaveUp).as("the store waited in vain").isFalse();
    assertThat(checkpoints())
        .containsExactly(
            "epoch-0000-step-00000004",
            "epoch-0001",
            "epoch-0001-step-00000004",
            "epoch-0001-step-00000008",
            "epoch-0002");
    assertThat(told).noneMatch(RunEvent.Failed.class::isInstance);
  }

  @Test
  void oneOfAnEpochThatCannotBeWrittenEndsTheRun() throws IOException {
    for (int epochs = 1; epochs <= EPOCHS; epochs++) {
      String failing = "_tmp.epoch-000" + epochs + ".";
      SlowStore.hold(
          file -> {
            if (file.getParent().getName().startsWith(failing)) {
              throw new IOException("told to fail");
            }
          });
      Path run = folder.resolve("run" + epochs);
      assertThatThrownBy(() -> train(run, Map.of()))
          .isInstanceOf(TrainingException.class)
          .hasMessageMatching(
              "Cannot write checkpoint slow:/.*/checkpoints/epoch-000"
                  + epochs
                  + ": told to fail; mend it and use --resume");
      assertThat(names(run)).noneMatch(name -> name.contains("_tmp"));
      assertThat(names(run)).doesNotContain("epoch-000" + epochs);
    }
  }

  private void hold(String checkpoint) {
    SlowStore.hold(
        file -> {
          if (file.toString().contains("_tmp." + checkpoint)
              && file.getName().equals("velocity.bin")) {
            await();
          }
        });
  }

  private void await() throws IOException {
    try {
      gaveUp = !gate.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private List<String> checkpoints() {
    return told.stream()
        .filter(RunEvent.Checkpoint.class::isInstance)
        .map(event -> ((RunEvent.Checkpoint) event).name())
        .toList();
  }

  private void assertSameAsUndisturbed() throws IOException {
    SlowStore.hold(null);
    Path other = folder.resolve("undisturbed");
    train(other, Map.of());
    for (String file : List.of("parameters.bin", "velocity.bin")) {
      assertThat(folder.resolve("run/checkpoints/epoch-0002").resolve(file))
          .hasSameBinaryContentAs(other.resolve("checkpoints/epoch-0002").resolve(file));
    }
  }

  private static List<String> names(Path run) throws IOException {
    try (var paths = Files.list(run.resolve("checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Lets the store go on when something is told. */
  private void train(Map<String, String> settings, Predicate<RunEvent> until) throws IOException {
    train(
        folder.resolve("run"),
        settings,
        event -> {
          told.add(event);
          if (until.test(event)) {
            gate.countDown();
          }
        });
  }

  private void train(Path run, Map<String, String> settings) throws IOException {
    train(run, settings, event -> {});
  }

  private void train(Path run, Map<String, String> settings, Consumer<RunEvent> watcher)
      throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(SlowStore.SETTING, SlowStore.class.getName());
    RunFolder created =
        RunFolder.create(
            new org.apache.hadoop.fs.Path("slow:" + run), "name: small\n", configuration);
    Map<String, String> all = new HashMap<>(settings);
    all.put(TrainingPlugin.INTERVAL, "20ms");
    all.put("spark.stage.maxConsecutiveAttempts", "1");
    try (JavaSparkContext spark = LocalSpark.start(WORLD, all)) {
      new SmallRun(WORLD, 4, EPOCHS, "1.0", "0.1")
          .goOn(spark, data, manifest, network(), created, watcher);
    }
  }

  private static ComputationGraph network() {
    return SmallRun.network(
        new MomentumSettings(.9, true),
        graph -> graph.addLayer("last", new ActivationLayer(Activation.IDENTITY), "conv"));
  }
}
