package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.checkpoint.TestManifest;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The run folder on a real HDFS, a name node and a data node on loopback. */
class HdfsRunTest {
  @TempDir private static java.nio.file.Path folder;
  private static MiniDFSCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  /** As on a cluster with one data node: with more copies than nodes HDFS does not append. */
  private static Configuration client() {
    Configuration configuration = new Configuration();
    configuration.set("dfs.replication", "1");
    return configuration;
  }

  private static RunFolder run(TestInfo test) {
    Path path = new Path(cluster.getURI() + "/runs/" + test.getTestMethod().get().getName());
    return RunFolder.create(path, "seed: 1\n", client());
  }

  @Test
  void checkpointsAreWrittenReadAndPruned(TestInfo test) throws IOException {
    RunFolder run = run(test);
    CheckpointStore store = run.checkpoints();
    for (int epochs = 1; epochs <= 3; epochs++) {
      store.write(checkpoint(epochs, 0));
      store.prune(2, null);
    }
    store.write(checkpoint(3, 4));
    store.write(checkpoint(3, 4));
    assertThat(names(run)).containsExactly("epoch-0002", "epoch-0003", "epoch-0003-step-00000004");
    Checkpoint latest =
        RunFolder.open(run.path(), client()).checkpoints().latest(line -> {}).orElseThrow();
    assertThat(latest.manifest().step()).isEqualTo(34);
    assertThat(latest.network().parameters()).containsExactly(3, 4, 3, 4);
  }

  @Test
  void aDamagedCheckpointIsPassedOver(TestInfo test) throws IOException {
    RunFolder run = run(test);
    run.checkpoints().write(checkpoint(1, 0));
    Path newest = run.checkpoints().write(checkpoint(2, 0));
    Path parameters = new Path(newest, "parameters.bin");
    try (FSDataOutputStream out = run.files().create(parameters, true)) {
      out.write(new byte[] {9, 9, 9, 9});
    }
    assertThat(run.checkpoints().latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
    assertThatThrownBy(() -> run.checkpoints().named(newest.getName(), line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "Cannot read checkpoint %s: parameters.bin does not have its checksum",
                newest));
  }

  @Test
  void eventsAreSeenAsSoonAsTheyAreWrittenAndGoOnAfterADriverThatDied(TestInfo test)
      throws IOException {
    RunFolder run = run(test);
    RunEvent steps = new RunEvent.Steps(0, 9, 10, 1.5, 100, .95, .96, .1);
    EventLog dying = EventLog.open(run.files(), run.events(), 0, 0);
    dying.accept(steps);
    assertThat(EventLog.read(run.files(), run.events())).containsExactly(steps);
    // the file is not closed: HDFS has to take its lease away before another one may write
    RunFolder other = RunFolder.open(run.path(), client());
    RunEvent next = new RunEvent.Steps(0, 19, 10, 1.25, 100, .95, .96, .1);
    try (EventLog log = EventLog.open(other.files(), other.events(), 0, 10)) {
      log.accept(next);
      assertThat(EventLog.read(run.files(), run.events())).containsExactly(steps, next);
    }
  }

  @Test
  void refusesARunOverAnother(TestInfo test) throws IOException {
    RunFolder run = run(test);
    assertThatThrownBy(() -> run(test)).hasMessageStartingWith("Cannot start a run in ");
    try (var in = run.files().open(run.recipe())) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("seed: 1\n");
    }
  }

  private static List<String> names(RunFolder run) throws IOException {
    return Arrays.stream(run.files().listStatus(new Path(run.path(), "checkpoints")))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .sorted()
        .toList();
  }

  private static Checkpoint checkpoint(int epochs, int steps) {
    return new Checkpoint(
        TestManifest.after(epochs, null).at(10L * epochs + steps),
        "seed: 1\n",
        new NetworkState(
            "{}",
            Map.of(
                "parameters",
                new byte[] {(byte) epochs, (byte) steps, 3, 4},
                "velocity",
                new byte[] {0, 1, 2, 3})));
  }
}
