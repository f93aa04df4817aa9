package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.TestManifest;
import io.dropblock.spark.train.checkpoint.WriteTurn;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;

/** A rank behind its steps, in the second epoch of 10 steps. */
class StepCheckpointsTest {
  private static final Checkpoint.Manifest BEGIN = TestManifest.after(1, null);

  @TempDir private Path folder;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final ComputationGraph network =
      SmallRun.network(
          new MomentumSettings(.9, true),
          graph -> graph.addLayer("last", new ActivationLayer(Activation.IDENTITY), "conv"));
  private RunFolder run;

  @BeforeEach
  void createRun() {
    Configuration configuration = new Configuration();
    configuration.set(SlowStore.SETTING, SlowStore.class.getName());
    run =
        RunFolder.create(
            new org.apache.hadoop.fs.Path("slow:" + folder.resolve("run")),
            "name: small\n",
            configuration);
  }

  @AfterEach
  void letGo() {
    gate.countDown();
    WriteTurn.awaitEnd();
    SlowStore.hold(null);
  }

  @Test
  void aRunFolderThatRanksDoNotSeeIsNoReasonToStop() {
    Path nowhere = folder.resolve("nowhere");
    new StepCheckpoints(
            nowhere.toUri().toString(),
            new SerializableConfiguration(new Configuration()),
            BEGIN,
            "",
            4,
            Duration.ofMinutes(1),
            false)
        .after(14, network);
    WriteTurn.awaitEnd();
    assertThat(nowhere).doesNotExist();
  }

  /** What is written later is what was there at the step, and it is told then. */
  @Test
  void theCheckpointIsOfItsStep() throws IOException {
    StepCheckpoints hook = hook(false);
    SlowStore.hold(file -> await());
    NetworkState then = NetworkState.of(network);
    assertThat(hook.after(14, network)).isEmpty();
    network.params().addi(1);
    network.getUpdater().getStateViewArray().addi(1);
    assertThat(hook.after(15, network)).isEmpty();
    gate.countDown();
    WriteTurn.awaitEnd();
    assertThat(hook.after(16, network))
        .contains(new RunEvent.Checkpoint(13, "epoch-0001-step-00000004"));
    assertThat(hook.after(17, network)).as("once").isEmpty();
    Checkpoint written = run.checkpoints().latest(line -> {}).orElseThrow();
    assertThat(written.manifest().step()).isEqualTo(14);
    assertThat(written.network().configuration()).isEqualTo(then.configuration());
    assertThat(written.network().arrays()).containsExactlyEntriesOf(then.arrays());
  }

  /** The driver's, which is another process on a cluster. */
  @Test
  void noneIsThereBeforeThatOfTheEpochBefore() throws IOException {
    StepCheckpoints hook = hook(true);
    hook.after(14, network);
    WriteTurn.awaitEnd();
    assertThat(hook.after(15, network)).isEmpty();
    assertThat(run.checkpoints().newestFirst()).isEmpty();
    run.checkpoints().write(new Checkpoint(BEGIN, "name: small\n", NetworkState.of(network)));
    hook.after(18, network);
    WriteTurn.awaitEnd();
    assertThat(hook.after(19, network))
        .contains(new RunEvent.Checkpoint(17, "epoch-0001-step-00000008"));
    assertThat(run.checkpoints().newestFirst())
        .map(Object::toString)
        .containsExactly("epoch-0001-step-00000008", "epoch-0001");
  }

  private void await() throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private StepCheckpoints hook(boolean behind) {
    return new StepCheckpoints(
        run.path().toString(),
        new SerializableConfiguration(run.files().getConf()),
        BEGIN,
        "name: small\n",
        4,
        Duration.ofMinutes(1),
        behind);
  }
}
