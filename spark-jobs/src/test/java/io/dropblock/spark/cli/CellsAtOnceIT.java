package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.StandaloneCluster;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three cells on two executors of a standalone cluster, two at a time with one executor each, one
 * of which is killed; then one at a time with both. The driver is this JVM. Runs after the jar is
 * made.
 */
@ExtendWith(SparkInThisJvm.class)
class CellsAtOnceIT {
  private static final int STEPS = 40;
  private static final String MEMORY = "600m";
  private static final List<String> CELLS = List.of("none-seed1", "some-seed1", "late-seed1");

  private static final String GRID =
      """
      title: Side by side
      recipe: demo
      set:
        - data.classes=5
        - data.size=16
        - data.pad=2
        - model.width=2
        - train.slots=2
        - train.world=0
        - train.local_batch=8
        - train.averaging.every=1
        - train.epochs=2
        - train.checkpoint_every=10
      seeds: [1]
      rows:
        - name: none
          set: ["dropblock.groups=[]"]
        - name: some
        - name: late
          set: ["dropblock.groups=[3]"]
      """;

  @TempDir private Path folder;
  private StandaloneCluster cluster;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    cluster = StandaloneCluster.start(folder);
    URI master = URI.create(cluster.address());
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(
            () -> {
              new Socket(master.getHost(), master.getPort()).close();
              return true;
            });
    settings().forEach(System::setProperty);
  }

  private Map<String, String> settings() {
    return Map.of(
        "spark.master", cluster.address(),
        "spark.cores.max", "2",
        "spark.driver.host", "127.0.0.1",
        "spark.driver.bindAddress", "127.0.0.1",
        "spark.executor.memory", "512m",
        "spark.executor.extraClassPath", System.getProperty("java.class.path"),
        "spark.dropblock.progress.interval", "100ms");
  }

  @AfterEach
  void stop() {
    settings().keySet().forEach(System::clearProperty);
    cluster.close();
  }

  @Test
  void eachHasItsShareAndRecoversByItself() throws IOException, InterruptedException {
    TestShards.write(
        folder.resolve("data"),
        TestShards.manifest(List.of(shard("train", 16 * STEPS)), List.of(shard("val", 64)), 5));
    Files.writeString(folder.resolve("grid.yaml"), GRID);
    StandaloneCluster.Worker worker = cluster.worker("127.0.0.1", MEMORY);
    cluster.worker("127.0.0.2", MEMORY);

    CompletableFuture<Answer> beside =
        CompletableFuture.supplyAsync(() -> experiment("beside", "2"));
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                beside.isDone()
                    || !steps("none-seed1").isEmpty() && !steps("some-seed1").isEmpty());
    assertThat(worker.executors().findFirst().map(ProcessHandle::destroyForcibly))
        .as(() -> beside.isDone() ? beside.join().toString() : "no executor")
        .contains(true);
    assertThat(beside.join().status()).as(beside.join()::toString).isZero();
    Answer alone = experiment("alone", "1", "--set", "train.world=2");
    assertThat(alone.status()).as(alone::toString).isZero();

    assertThat(span("none-seed1").overlaps(span("some-seed1"))).isTrue();
    List<RunEvent.Failed> failures = new ArrayList<>();
    for (String cell : CELLS) {
      failures.addAll(events("beside", cell, RunEvent.Failed.class));
      assertThat(events("beside", cell, RunEvent.Started.class)).allMatch(it -> it.world() == 1);
      assertThat(events("alone", cell, RunEvent.Started.class)).allMatch(it -> it.world() == 2);
      assertThat(newest("beside", cell).network().arrays())
          .as(cell)
          .containsExactlyEntriesOf(newest("alone", cell).network().arrays());
    }
    assertThat(failures).as("of the one whose rank was there").hasSize(1);
    assertThat(failures.get(0).reason()).startsWith("rank 0 on 127.0.0.1: ");
  }

  /** From its begin to the end of its last epoch. */
  private record Span(Instant begin, Instant end) {
    boolean overlaps(Span other) {
      return begin.isBefore(other.end) && other.begin.isBefore(end);
    }
  }

  private Span span(String cell) throws IOException {
    List<Instant> times = new ArrayList<>();
    for (String line :
        Files.readAllLines(folder.resolve("beside/cells/" + cell + "/events.jsonl"))) {
      times.add(Instant.parse(new ObjectMapper().readTree(line).get("time").asText()));
    }
    return new Span(times.get(0), times.get(times.size() - 1));
  }

  private List<RunEvent.Steps> steps(String cell) throws IOException {
    return Files.exists(folder.resolve("beside/cells").resolve(cell).resolve("events.jsonl"))
        ? events("beside", cell, RunEvent.Steps.class)
        : List.of();
  }

  private RunFolder run(String out, String cell) {
    return RunFolder.open(
        new org.apache.hadoop.fs.Path(folder.resolve(out).resolve("cells").resolve(cell).toUri()),
        new Configuration());
  }

  private <T extends RunEvent> List<T> events(String out, String cell, Class<T> kind)
      throws IOException {
    RunFolder run = run(out, cell);
    return EventLog.read(run.files(), run.events()).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  private Checkpoint newest(String out, String cell) throws IOException {
    return run(out, cell).checkpoints().latest(line -> {}).orElseThrow();
  }

  private Shard shard(String split, int records) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        String.format(Locale.ROOT, "%s-00000.parquet", split),
        TestShards.records(split, records, 5),
        64);
  }

  private Answer experiment(String out, String atOnce, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "experiment",
                folder.resolve("grid.yaml").toString(),
                "--data",
                folder.resolve("data").toString(),
                "--out",
                folder.resolve(out).toString(),
                "--at-once",
                atOnce));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }
}
