package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An executor is killed, one hangs, and the driver is killed, on two executors in JVMs of their
 * own. Runs after the jar is made.
 */
class RecoveryIT {
  private static final int STEPS = 60;
  private static final int EPOCHS = 3;

  @TempDir private Path folder;

  @Test
  void aRunThatIsKilledEndsBitEqual() throws IOException, InterruptedException {
    TestShards.write(
        folder.resolve("data"),
        TestShards.manifest(List.of(shard("train", 16 * STEPS)), List.of(shard("val", 64)), 5));
    train("undisturbed").succeed();

    Submission first = train("disturbed");
    awaitStep("disturbed", 25);
    first.executors().get(1).destroyForcibly();
    awaitStep("disturbed", STEPS + 20);
    stop(first.executors().get(0));
    awaitStep("disturbed", 2 * STEPS + 20);
    List<ProcessHandle> executors = first.executors();
    assertThat(executors).hasSize(2);
    first.driver().destroyForcibly();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> executors.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(checkpoints("disturbed")).anyMatch(name -> name.startsWith("epoch-0002-step-"));
    train("disturbed", "--resume").succeed();

    String last = String.format(Locale.ROOT, "checkpoints/epoch-%04d", EPOCHS);
    assertThat(Submission.checksums(folder.resolve("disturbed").resolve(last)))
        .hasSize(2)
        .isEqualTo(Submission.checksums(folder.resolve("undisturbed").resolve(last)));
    List<JsonNode> failures =
        Submission.events(folder.resolve("disturbed")).stream()
            .filter(event -> event.get("event").asText().equals("failed"))
            .toList();
    assertThat(failures).hasSize(2);
    assertThat(failures.get(0).get("step").asInt()).isBetween(21, STEPS + 1);
    assertThat(failures.get(1).get("step").asInt()).isBetween(STEPS + 11, 2 * STEPS + 1);
    assertThat(failures.get(1).get("reason").asText()).contains(": silent for 3 s");
    assertThat(failures)
        .allSatisfy(failed -> assertThat(failed.get("step").asInt() % 10).isEqualTo(1))
        .allSatisfy(failed -> assertThat(failed.get("failures").asInt()).isEqualTo(1));
    List<Integer> steps =
        Submission.events(folder.resolve("disturbed")).stream()
            .filter(event -> event.get("event").asText().equals("steps"))
            .map(event -> event.get("step").asInt())
            .toList();
    assertThat(steps).isSorted().doesNotHaveDuplicates().contains(EPOCHS * STEPS);
    assertThat(first.text()).contains("Failure 1 of at most 4 in a row: rank ");
    assertThat(checkpoints("disturbed")).noneMatch(name -> name.contains("_tmp"));
  }

  /** Neither dead nor alive. */
  private static void stop(ProcessHandle process) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor();
    assertThat(code).isZero();
  }

  private Shard shard(String split, int records) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        split + "-00000.parquet",
        TestShards.records(split, records, 5),
        64);
  }

  private Submission train(String run, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--conf",
                "spark.dropblock.progress.interval=100ms",
                "--conf",
                "spark.dropblock.ring.silence=3s",
                "train",
                "demo",
                "--data",
                "data",
                "--run",
                run));
    for (String setting :
        List.of(
            "data.classes=5",
            "data.size=16",
            "data.pad=2",
            "model.depth=20",
            "train.world=2",
            "train.local_batch=8",
            "train.averaging.every=1",
            "train.epochs=" + EPOCHS,
            "train.checkpoint_every=10")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return Submission.start(folder, arguments);
  }

  private void awaitStep(String run, int step) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                Submission.events(folder.resolve(run)).stream()
                    .filter(event -> event.get("event").asText().equals("steps"))
                    .anyMatch(event -> event.get("step").asInt() >= step));
  }

  private List<String> checkpoints(String run) throws IOException {
    try (var paths = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }
}
