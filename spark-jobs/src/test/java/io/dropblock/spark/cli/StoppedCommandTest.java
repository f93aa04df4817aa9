package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in JVMs of their own that get a signal, without our plugin. */
class StoppedCommandTest {
  @TempDir private Path folder;
  private CommandJvm jvm;

  @AfterEach
  void end() {
    jvm.end();
  }

  /** On two ranks, without and with a task slot for evaluation besides. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aTrainingSaysAtWhichStepItStoppedAndHowToGoOn(int slots)
      throws IOException, InterruptedException {
    Path data = Files.createDirectory(folder.resolve("data"));
    store(data);
    Path run = folder.resolve("run");
    start(
        "local[" + (2 + slots) + "]",
        List.of(OwnSetting.EVALUATION_SLOTS.key() + "=" + slots),
        List.of(
            "train",
            "demo",
            "--data",
            data.toString(),
            "--run",
            run.toString(),
            "--set",
            "data.classes=5",
            "--set",
            "data.size=16",
            "--set",
            "data.pad=2",
            "--set",
            "model.width=4",
            "--set",
            "train.world=2",
            "--set",
            "train.local_batch=4",
            "--set",
            "train.averaging.every=1",
            "--set",
            "train.epochs=100000"));
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.exists(run.resolve("checkpoints/epoch-0001")) || !jvm.isAlive());
    assertThat(jvm.signal("INT")).as(this::printed).isEqualTo(128 + 2);

    List<String> events = Files.readAllLines(run.resolve("events.jsonl"));
    JsonNode last = new ObjectMapper().readTree(events.get(events.size() - 1));
    assertThat(last.get("event").asText()).isEqualTo("stopped");
    int step = last.get("step").asInt();
    assertThat(step).isGreaterThanOrEqualTo(2);
    assertThat(printed())
        .endsWith("; go on with the same command and --run " + run + " --resume\n")
        .containsPattern("\nStopped at step \\d+ of 200000; go on")
        .doesNotContain("Exception", "\tat ", "Cannot", "Failure");
    assertThat(run.resolve(".lock")).doesNotExist();
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      assertThat(checkpoints)
          .as("one under way is written to its end, or deleted")
          .allMatch(path -> path.getFileName().toString().startsWith("epoch-"));
    }
  }

  /** As it waits for a cluster whose master says nothing. */
  @Test
  void aPreparationGoesOnWithTheSameCommand() throws IOException, InterruptedException {
    for (String name : List.of("a", "b")) {
      Path images = Files.createDirectories(folder.resolve("images").resolve(name));
      for (int i = 0; i < 2; i++) {
        Files.write(images.resolve(i + ".png"), new byte[9]);
      }
    }
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout((int) Duration.ofMinutes(2).toMillis());
      start(
          "spark://127.0.0.1:" + silent.getLocalPort(),
          List.of(),
          List.of("prepare", folder.resolve("images").toString(), "--out", folder + "/out"));
      silent.accept();
      assertThat(jvm.signal("TERM")).as(this::printed).isEqualTo(128 + 15);
    }
    assertThat(printed()).isEqualTo("Stopped; the same command goes on where it was\n");
  }

  private void start(String master, List<String> settings, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("spark.master=" + master));
    all.addAll(settings);
    jvm = CommandJvm.start(folder, all, arguments);
  }

  private String printed() {
    return jvm.printed();
  }

  /** Sixteen images to train on: two steps an epoch. */
  private static void store(Path data) throws IOException {
    TestShards.write(
        data,
        TestShards.manifest(
            List.of(
                TestShards.write(
                    data, "train-00000.parquet", TestShards.records("train", 16, 5), 64)),
            List.of(
                TestShards.write(data, "val-00000.parquet", TestShards.records("val", 8, 5), 64)),
            5));
  }
}
