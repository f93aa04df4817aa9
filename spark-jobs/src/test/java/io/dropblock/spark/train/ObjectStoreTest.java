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
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on a store like S3, where a folder is renamed file by file and nothing can be appended. */
class ObjectStoreTest {
  @TempDir private java.nio.file.Path temporary;
  private RunFolder folder;

  @BeforeEach
  void createRun() {
    Configuration configuration = new Configuration();
    configuration.set("fs.objects.impl", ObjectStore.class.getName());
    Path path = new Path("objects://" + temporary.resolve("run"));
    folder = RunFolder.create(path, "seed: 1\n", configuration);
  }

  @AfterEach
  void liveOn() {
    ObjectStore.diesAfter = -1;
    ObjectStore.unreachable = null;
    ObjectStore.meanwhile = null;
  }

  /** As for anyone who evaluates a run that trains. */
  @Test
  void oneThatIsDeletedWhileItIsReadGivesPlaceToTheNext() throws IOException {
    CheckpointStore store = folder.checkpoints();
    store.write(checkpoint(1));
    store.write(checkpoint(2));
    ObjectStore.meanwhile = () -> writeAndPrune(store, 3);
    List<String> told = new ArrayList<>();
    assertThat(store.named("latest", told::add).manifest().epochs()).isEqualTo(3);
    assertThat(told).isEmpty();

    ObjectStore.meanwhile = () -> writeAndPrune(store, 4);
    assertThatThrownBy(() -> store.named("epoch-0003", line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith("checkpoints/epoch-0003: there is none; there are epoch-0004");
  }

  private static void writeAndPrune(CheckpointStore store, int epochs) {
    try {
      store.write(checkpoint(epochs));
      store.prune(1, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest may be good: an older one in its place would be trained over it. */
  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "parameters.bin"})
  void aCheckpointThatCannotBeReadNowIsNotPassedOver(String file) throws IOException {
    CheckpointStore store = folder.checkpoints();
    store.write(checkpoint(1));
    store.write(checkpoint(2));
    ObjectStore.unreachable = "epoch-0002/" + file;
    assertThatThrownBy(() -> store.takeToResume(line -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("epoch-0002: Read timed out");
    assertThatThrownBy(() -> store.named("latest", line -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("Cannot read checkpoint objects:")
        .hasMessageEndingWith("checkpoints/latest now: epoch-0002: Read timed out; try again");
    ObjectStore.unreachable = null;
    assertThat(store.takeToResume(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void aCheckpointThatIsMovedInPartIsPassedOver(int files) throws IOException {
    CheckpointStore store = folder.checkpoints();
    store.write(checkpoint(1));
    ObjectStore.diesAfter = files;
    assertThatThrownBy(() -> store.write(checkpoint(2))).hasMessage("the process died");
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
    ObjectStore.diesAfter = -1;
    store.write(checkpoint(2));
    store.prune(1, null);
    assertThat(store.latest(line -> {}).orElseThrow().network().parameters())
        .containsExactly(2, 2, 3, 4);
  }

  @Test
  void eventsAreThereWithEachEpoch() throws IOException {
    RunEvent started = new RunEvent.Started("r", 2, 64, 3, 10, 0, 641, 1234);
    RunEvent steps = new RunEvent.Steps(0, 9, 10, 1.5, 100, .95, .96, .1);
    RunEvent epoch =
        new RunEvent.Epoch(
            0, 1.5, 100, 3, .95, .96, .1, TestManifest.SCORES, .5, Map.of(), List.of(), List.of());
    try (EventLog log = EventLog.open(folder.files(), folder.events(), 0, 0)) {
      List.of(started, steps, epoch).forEach(log);
      assertThat(read()).containsExactly(started, steps, epoch);
    }
    RunEvent next = new RunEvent.Steps(1, 19, 10, 1.5, 100, .95, .96, .1);
    try (EventLog log = EventLog.open(folder.files(), folder.events(), 1, 10)) {
      log.accept(next);
    }
    assertThat(read()).containsExactly(started, steps, epoch, next);
  }

  private List<RunEvent> read() throws IOException {
    return EventLog.read(folder.files(), folder.events());
  }

  private static Checkpoint checkpoint(int epochs) {
    return new Checkpoint(
        TestManifest.after(epochs, null),
        "seed: 1\n",
        new NetworkState(
            "{}",
            Map.of(
                "parameters",
                new byte[] {(byte) epochs, 2, 3, 4},
                "velocity",
                new byte[] {0, 1, 2, 3})));
  }
}
