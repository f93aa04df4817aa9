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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four cells on two executors of a standalone cluster, two at a time with one executor each, one of
 * which is killed; then one at a time with both. Runs after the jar is made.
 */
class CellsAtOnceIT {
  private static final int STEPS = 40;
  private static final String MEMORY = "600m";
  private static final List<String> CELLS =
      List.of("none-seed1", "some-seed1", "none-seed2", "some-seed2");

  private static final String GRID =
      """
      title: Side by side
      recipe: demo
      set:
        - data.classes=5
        - data.size=16
        - data.pad=2
        - train.slots=2
        - train.local_batch=8
        - train.averaging.every=1
        - train.epochs=2
        - train.checkpoint_every=10
      seeds: [1, 2]
      rows:
        - name: none
          set: ["dropblock.groups=[]"]
        - name: some
      """;

  @TempDir private Path folder;
  private StandaloneCluster cluster;

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void eachHasItsShareAndRecoversByItself() throws IOException, InterruptedException {
    TestShards.write(
        folder.resolve("data"),
        TestShards.manifest(List.of(shard("train", 16 * STEPS)), List.of(shard("val", 64)), 5));
    Files.writeString(folder.resolve("grid.yaml"), GRID);
    cluster = StandaloneCluster.start(folder);
    StandaloneCluster.Worker worker = cluster.worker("127.0.0.1", MEMORY);
    cluster.worker("127.0.0.2", MEMORY);

    Submission beside = experiment("beside", "2");
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                !beside.isAlive()
                    || !steps("none-seed1").isEmpty() && !steps("some-seed1").isEmpty());
    assertThat(worker.executors().findFirst().orElseThrow().destroyForcibly()).isTrue();
    beside.succeed();
    experiment("alone", "1").succeed();

    assertThat(span("none-seed1").overlaps(span("some-seed1"))).isTrue();
    List<JsonNode> failures = new ArrayList<>();
    for (String cell : CELLS) {
      failures.addAll(events("beside", cell, "failed"));
      assertThat(events("beside", cell, "started")).allMatch(it -> it.get("world").asInt() == 1);
      assertThat(events("alone", cell, "started")).allMatch(it -> it.get("world").asInt() == 2);
      String last = "cells/" + cell + "/checkpoints/epoch-0002";
      assertThat(Submission.checksums(folder.resolve("beside").resolve(last)))
          .as(cell)
          .hasSize(2)
          .isEqualTo(Submission.checksums(folder.resolve("alone").resolve(last)));
    }
    assertThat(failures).as("of the one whose rank was there").hasSize(1);
    assertThat(failures.get(0).get("reason").asText()).startsWith("rank 0 on 127.0.0.1: ");
  }

  /** From its begin to the end of its last epoch. */
  private record Span(Instant begin, Instant end) {
    boolean overlaps(Span other) {
      return begin.isBefore(other.end) && other.begin.isBefore(end);
    }
  }

  private Span span(String cell) throws IOException {
    return new Span(
        time(events("beside", cell, "started").get(0)),
        time(events("beside", cell, "epoch").get(1)));
  }

  private static Instant time(JsonNode event) {
    return Instant.parse(event.get("time").asText());
  }

  private List<JsonNode> steps(String cell) {
    try {
      return events("beside", cell, "steps");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> events(String out, String cell, String name) throws IOException {
    return Submission.events(folder.resolve(out).resolve("cells").resolve(cell)).stream()
        .filter(event -> event.get("event").asText().equals(name))
        .toList();
  }

  private Shard shard(String split, int records) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        String.format(Locale.ROOT, "%s-00000.parquet", split),
        TestShards.records(split, records, 5),
        64);
  }

  private Submission experiment(String out, String atOnce) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--cluster", "standalone"));
    for (String setting :
        List.of(
            "spark.master=" + cluster.address(),
            "spark.cores.max=2",
            "spark.executor.memory=512m",
            "spark.driver.memory=512m",
            "spark.dropblock.progress.interval=100ms")) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.addAll(
        List.of("experiment", "grid.yaml", "--data", "data", "--out", out, "--at-once", atOnce));
    return Submission.start(folder, arguments);
  }
}
