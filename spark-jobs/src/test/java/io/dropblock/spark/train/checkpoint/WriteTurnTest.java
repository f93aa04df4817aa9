package io.dropblock.spark.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.SlowStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of a thread of their own, on a store that stops in the middle of one. */
class WriteTurnTest {
  @TempDir private java.nio.file.Path temporary;
  private CheckpointStore store;

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private volatile Thread writer;

  @BeforeEach
  void createRun() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(SlowStore.SETTING, SlowStore.class.getName());
    store =
        RunFolder.create(new Path("slow:" + temporary.resolve("run")), "seed: 1\n", configuration)
            .checkpoints();
    store.write(checkpoint(1));
    SlowStore.hold(this::hold);
  }

  private void hold(Path file) throws IOException {
    if (!file.getName().equals("velocity.bin")) {
      return;
    }
    writer = Thread.currentThread();
    held.countDown();
    try {
      if (!gate.await(1, TimeUnit.MINUTES)) {
        throw new IOException("nobody says that it goes on");
      }
    } catch (InterruptedException e) {
      // as Hadoop's local disk, which calls commands
      Thread.interrupted();
    }
  }

  @AfterEach
  void letGo() {
    gate.countDown();
    SlowStore.hold(null);
    WriteTurn.awaitEnd();
  }

  @Test
  void theNextOneWaits() throws Exception {
    Future<Path> first = begin(2);
    held.await();
    assertThat(WriteTurn.await(Duration.ZERO)).isEmpty();
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
    gate.countDown();
    WriteTurn next = WriteTurn.await();
    assertThat(first.isDone()).isTrue();
    assertThat(first.get().getName()).isEqualTo("epoch-0002");
    next.close();
    assertThat(WriteTurn.await(Duration.ZERO)).get().satisfies(WriteTurn::close);
  }

  /** What is there looks like no checkpoint, and who begins again deletes it. */
  @Test
  void aProcessThatDiesLeavesNothingThatLooksWhole() throws Exception {
    Future<Path> dying = begin(2);
    held.await();
    assertThat(names()).hasSize(2).contains("epoch-0001").noneMatch("epoch-0002"::equals);
    assertThat(store.latest(line -> {}).orElseThrow().manifest().epochs()).isEqualTo(1);
    store.deleteHalfWritten();
    assertThat(names()).containsExactly("epoch-0001");
    // it was not dead, only slow
    gate.countDown();
    assertThatThrownBy(dying::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageEndingWith("somebody deleted it while it was written");
    assertThat(names()).containsExactly("epoch-0001");
  }

  @Test
  void oneThatIsGivenUpIsDeleted() throws Exception {
    Future<Path> stopped = begin(2);
    held.await();
    writer.interrupt();
    assertThatThrownBy(stopped::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(names()).containsExactly("epoch-0001");
  }

  /** As the driver looks whether it still has the run. */
  @Test
  void itHasNoNameWhereThatIsRefused() throws Exception {
    SlowStore.hold(null);
    Checkpoint second = checkpoint(2);
    assertThatThrownBy(
            () ->
                store.write(
                    second.manifest(),
                    second.recipe(),
                    second.network(),
                    () -> {
                      throw new IllegalStateException("refused");
                    }))
        .hasMessage("refused");
    assertThat(names()).containsExactly("epoch-0001");
  }

  private Future<Path> begin(int epochs) {
    try (WriteTurn turn = WriteTurn.await()) {
      return turn.begin(() -> store.write(checkpoint(epochs)));
    }
  }

  private List<String> names() throws IOException {
    try (Stream<java.nio.file.Path> paths = Files.list(temporary.resolve("run/checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static Checkpoint checkpoint(int epochs) {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("parameters", new byte[] {(byte) epochs, 2, 3, 4});
    arrays.put("velocity", new byte[] {0, 1, 2, 3});
    return new Checkpoint(
        TestManifest.after(epochs, null), "seed: 1\n", new NetworkState("{}", arrays));
  }
}
