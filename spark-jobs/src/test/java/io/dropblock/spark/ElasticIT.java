package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four ranks on four workers of a standalone cluster lose two hosts for good, get one back, one
 * executor is told to end and one is decommissioned. Runs after the jar is made.
 */
class ElasticIT {
  private static final int STEPS = 40;
  private static final int EPOCHS = 5;
  private static final String MEMORY = "600m";

  @TempDir private Path folder;
  private StandaloneCluster cluster;

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void ranksComeAndGo() throws IOException, InterruptedException {
    TestShards.write(
        folder.resolve("data"),
        TestShards.manifest(List.of(shard("train", 16 * STEPS)), List.of(shard("val", 64)), 5));
    cluster = StandaloneCluster.start(folder);
    List<StandaloneCluster.Worker> workers = new ArrayList<>();
    for (int host = 1; host <= 4; host++) {
      workers.add(cluster.worker("127.0.0." + host, MEMORY));
    }
    Submission elastic = train("elastic", "spark.dropblock.elastic.min=1");
    awaitStep(elastic, STEPS / 4);
    workers.get(3).kill();
    workers.get(2).kill();
    await(elastic, event -> isRanks(event, 2));
    workers.set(2, cluster.worker("127.0.0.5", MEMORY));
    await(elastic, event -> isRanks(event, 3));
    JsonNode third =
        events("elastic").stream().filter(it -> isRanks(it, 3)).findFirst().orElseThrow();
    awaitStep(elastic, third.get("step").asInt() + STEPS / 10);
    assertThat(workers.get(0).executors().findFirst().orElseThrow().destroy()).isTrue();
    int stopped = awaitStop(elastic, 0);
    awaitStep(elastic, stopped + STEPS / 10);
    signal("PWR", workers.get(1).executors().findFirst().orElseThrow());
    // Spark ends it when its task is done, whether the driver has the result by then or not
    await(elastic, event -> stops().size() + failures().size() > 2);
    elastic.succeed();

    List<JsonNode> events = events("elastic");
    assertThat(events).filteredOn(event -> is(event, "epoch")).hasSize(EPOCHS);
    assertThat(stops().size() + failures().size()).isEqualTo(3);
    assertThat(failures()).as("of the hosts that failed").isNotEmpty();
    assertThat(elastic.text())
        .contains("Going on with 2 ranks in place of 4", "Going on with 3 ranks in place of 2");

    train("alone", "spark.cores.max=1").succeed();
    String last = String.format(Locale.ROOT, "checkpoints/epoch-%04d", EPOCHS);
    assertThat(Submission.checksums(folder.resolve("elastic").resolve(last)))
        .hasSize(2)
        .isEqualTo(Submission.checksums(folder.resolve("alone").resolve(last)));
  }

  /** Its number, when it is told of. */
  private int awaitStop(Submission running, int before) throws IOException {
    await(running, event -> stops().size() > before);
    String text = stops().get(before);
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }

  private List<JsonNode> failures() {
    return events("elastic").stream().filter(event -> is(event, "failed")).toList();
  }

  private List<String> stops() {
    return events("elastic").stream()
        .filter(event -> is(event, "note"))
        .map(event -> event.get("text").asText())
        .filter(text -> text.startsWith("An executor was told to end: all ranks stopped behind"))
        .toList();
  }

  private void awaitStep(Submission running, int step) {
    await(running, event -> is(event, "steps") && event.get("step").asInt() > step);
  }

  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    assertThat(code).isZero();
  }

  private static boolean is(JsonNode event, String name) {
    return event.get("event").asText().equals(name);
  }

  private static boolean isRanks(JsonNode event, int ranks) {
    return is(event, "ranks") && event.get("ranks").asInt() == ranks;
  }

  private Shard shard(String split, int records) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        split + "-00000.parquet",
        TestShards.records(split, records, 5),
        64);
  }

  private Submission train(String run, String conf) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--cluster", "standalone"));
    for (String setting :
        List.of(
            "spark.master=" + cluster.address(),
            "spark.cores.max=4",
            "spark.executor.memory=512m",
            "spark.driver.memory=512m",
            "spark.dropblock.progress.interval=100ms",
            "spark.dropblock.elastic.wait=5s",
            "spark.decommission.enabled=true",
            conf)) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.addAll(List.of("train", "demo", "--data", "data", "--run", run));
    for (String setting :
        List.of(
            "data.classes=5",
            "data.size=16",
            "data.pad=2",
            "model.depth=20",
            "train.slots=4",
            "train.local_batch=4",
            "train.averaging.every=1",
            "train.epochs=" + EPOCHS,
            "train.checkpoint_every=10")) {
      arguments.addAll(List.of("--set", setting));
    }
    return Submission.start(folder, arguments);
  }

  private void await(Submission running, Predicate<JsonNode> event) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !running.isAlive() || events("elastic").stream().anyMatch(event));
    assertThat(running.isAlive()).as(running::text).isTrue();
  }

  private List<JsonNode> events(String run) {
    try {
      return Submission.events(folder.resolve(run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
