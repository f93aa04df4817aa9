package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.LoggedSteps;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training that is told to end finishes its step and keeps it; the ranks are threads of its JVM,
 * which evaluates between epochs or beside them.
 */
class StoppedTrainingTest {
  private static final int STEPS = 200;
  private static final int EPOCHS = 2;

  @TempDir private static Path folder;
  private static CommandJvm jvm;

  /** Of what is never stopped, without task slots for evaluation. */
  @BeforeAll
  static void trainUndisturbed() throws IOException, InterruptedException {
    store();
    train("undisturbed", 0);
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();
  }

  private static void store() throws IOException {
    TestShards.write(
        folder,
        TestShards.manifest(
            List.of(
                TestShards.write(
                    folder, "train-00000.parquet", TestShards.records("train", 8 * STEPS, 5), 64)),
            List.of(
                TestShards.write(
                    folder, "val-00000.parquet", TestShards.records("val", 1000, 5), 64)),
            5));
  }

  @AfterEach
  void end() {
    jvm.end();
  }

  /** Once among the steps of an epoch, and once when its last one is done. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noStepIsLost(int slots) throws IOException, InterruptedException {
    String run = "stopped-" + slots;
    train(run, slots);
    awaitStep(run, 6);
    stop(run);
    assertThat(newest(run).manifest().stepsWithinEpoch()).isBetween(6, STEPS - 1);
    assertThat(jvm.printed())
        .contains("Told to end: finishing this step, and writing a checkpoint\n")
        .doesNotContain("Exception", "\tat ", "Cannot", "Failure");

    train(run, slots, "--resume");
    awaitStep(run, STEPS);
    stop(run);

    train(run, slots, "--resume");
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();
    assertThat(newest(run).network().arrays())
        .containsExactlyEntriesOf(newest("undisturbed").network().arrays());
    LoggedSteps.rising(run(run), STEPS * EPOCHS - 1);
    assertThat(epochs(run))
        .hasSize(EPOCHS)
        .allSatisfy(epoch -> assertThat(epoch.loss()).isBetween(.5, 3.))
        .extracting(RunEvent.Epoch::scores)
        .isEqualTo(epochs("undisturbed").stream().map(RunEvent.Epoch::scores).toList());
  }

  private static void train(String run, int slots, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "demo", "--data", folder.toString(), "--run", folder + "/" + run));
    for (String setting :
        List.of(
            "data.classes=5",
            "data.size=16",
            "data.pad=2",
            "model.width=4",
            "train.world=2",
            "train.local_batch=4",
            "train.averaging.every=1",
            "train.epochs=" + EPOCHS)) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    jvm =
        CommandJvm.start(
            folder,
            List.of(
                "spark.master=local[" + (2 + slots) + "]",
                OwnSetting.EVALUATION_SLOTS.key() + "=" + slots,
                "spark.plugins=" + TrainingPlugin.class.getName(),
                "spark.dropblock.progress.interval=50ms"),
            arguments);
  }

  private static void awaitStep(String run, int step) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> lastStep(run) >= step || !jvm.isAlive());
  }

  /** 0 before the first. */
  private static long lastStep(String run) throws IOException {
    return events(run).stream()
        .filter(RunEvent.Steps.class::isInstance)
        .mapToLong(event -> ((RunEvent.Steps) event).step() + 1)
        .reduce(0, (first, second) -> second);
  }

  private static void stop(String run) throws IOException, InterruptedException {
    assertThat(jvm.signal("TERM")).as(jvm::printed).isEqualTo(128 + 15);
    List<RunEvent> events = events(run);
    assertThat(events.get(events.size() - 1)).as(jvm::printed).isInstanceOf(RunEvent.Stopped.class);
    long done = ((RunEvent.Stopped) events.get(events.size() - 1)).step() + 1;
    assertThat(newest(run).manifest().step()).isEqualTo(done);
    assertThat(jvm.printed())
        .contains("\nStopped at step " + done + " of " + EPOCHS * STEPS + "; go on with ");
  }

  private static RunFolder run(String name) {
    return RunFolder.open(
        new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), new Configuration());
  }

  private static Checkpoint newest(String name) throws IOException {
    return run(name).checkpoints().latest(line -> {}).orElseThrow();
  }

  private static List<RunEvent> events(String name) throws IOException {
    return Files.exists(folder.resolve(name).resolve("events.jsonl"))
        ? EventLog.read(run(name).files(), run(name).events())
        : List.of();
  }

  private static List<RunEvent.Epoch> epochs(String name) throws IOException {
    return events(name).stream()
        .filter(RunEvent.Epoch.class::isInstance)
        .map(RunEvent.Epoch.class::cast)
        .toList();
  }
}
