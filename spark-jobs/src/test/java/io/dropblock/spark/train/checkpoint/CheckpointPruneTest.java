package io.dropblock.spark.train.checkpoint;

import static io.dropblock.spark.train.checkpoint.CheckpointStoreTest.checkpoint;
import static io.dropblock.spark.train.checkpoint.CheckpointStoreTest.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoints stay, and who deletes which. */
class CheckpointPruneTest {
  @TempDir private java.nio.file.Path temporary;
  private CheckpointStore store;

  @BeforeEach
  void createRun() {
    Path path = new Path(temporary.resolve("run").toUri());
    store = RunFolder.create(path, "seed: 1\n", new Configuration()).checkpoints();
  }

  @Test
  void keepsTheNewestAndTheBest() throws IOException {
    for (int epochs = 1; epochs <= 6; epochs++) {
      store.write(checkpoint(epochs, new Best("top-1", .5, 1)));
      store.prune(2, new Best("top-1", .5, 1));
    }
    assertThat(names()).containsExactly("epoch-0002", "epoch-0005", "epoch-0006");
  }

  @Test
  void withinTheEpochUnderWayItKeepsTwoAndOfOthersNone() throws IOException {
    store.write(checkpoint(1, null));
    for (int steps = 2; steps <= 8; steps += 2) {
      store.write(within(1, steps));
      store.pruneWithin(new CheckpointName(1, steps));
    }
    assertThat(names())
        .containsExactly("epoch-0001", "epoch-0001-step-00000006", "epoch-0001-step-00000008");
    store.write(checkpoint(2, null));
    store.prune(2, null);
    assertThat(names()).containsExactly("epoch-0001", "epoch-0002");
  }

  /** Two processes write and delete, each its own: the driver, and a rank in the next epoch. */
  @Test
  void whoDeletesLeavesNewerOnesAlone() throws IOException {
    store.write(checkpoint(1, null));
    store.write(within(1, 4));
    store.write(checkpoint(2, null));
    for (int steps = 2; steps <= 6; steps += 2) {
      store.write(within(2, steps));
    }
    Files.delete(local("epoch-0002-step-00000006/manifest.json"));
    store.prune(1, null);
    assertThat(names())
        .containsExactly(
            "epoch-0002",
            "epoch-0002-step-00000002",
            "epoch-0002-step-00000004",
            "epoch-0002-step-00000006");
    store.write(checkpoint(3, null));
    Files.delete(local("epoch-0003/manifest.json"));
    store.pruneWithin(new CheckpointName(2, 4));
    assertThat(names())
        .containsExactly(
            "epoch-0002",
            "epoch-0002-step-00000002",
            "epoch-0002-step-00000004",
            "epoch-0002-step-00000006",
            "epoch-0003");
  }

  /** As of a rank whose checkpoint comes later than that of the epoch's end. */
  @Test
  void oneWithinAnEpochThatIsDoneIsDeletedAtOnce() throws IOException {
    store.write(checkpoint(2, null));
    store.write(within(1, 4));
    store.pruneWithin(new CheckpointName(1, 4));
    assertThat(names()).containsExactly("epoch-0002");
  }

  private java.nio.file.Path local(String name) {
    return temporary.resolve("run/checkpoints").resolve(name);
  }

  private List<String> names() throws IOException {
    try (Stream<java.nio.file.Path> paths = Files.list(temporary.resolve("run/checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
