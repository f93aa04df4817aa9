package io.dropblock.spark.train.checkpoint;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.SlowStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;

/** A process that gets a signal while it writes a checkpoint. */
final class WriteTurnMain {
  private WriteTurnMain() {}

  /**
   * @param arguments a folder; and whether the store goes on when the signal has come, or never
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    boolean goesOn = Boolean.parseBoolean(arguments[1]);
    Configuration configuration = new Configuration();
    configuration.set(SlowStore.SETTING, SlowStore.class.getName());
    CheckpointStore store =
        RunFolder.create(
                new org.apache.hadoop.fs.Path("slow:" + folder.resolve("run")),
                "seed: 1\n",
                configuration)
            .checkpoints();
    SlowStore.hold(
        file -> {
          if (file.getName().equals("velocity.bin")) {
            hold(folder.resolve("writes"), goesOn);
          }
        });
    try (WriteTurn turn = WriteTurn.await()) {
      turn.begin(() -> store.write(checkpoint()));
    }
    new CountDownLatch(1).await();
  }

  private static void hold(Path told, boolean goesOn) throws IOException {
    Files.createFile(told);
    try {
      while (!goesOn || !StopSignal.received()) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      // given up
    }
  }

  private static Checkpoint checkpoint() {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("parameters", new byte[] {1, 2, 3, 4});
    arrays.put("velocity", new byte[] {0, 1, 2, 3});
    return new Checkpoint(TestManifest.after(1, null), "seed: 1\n", new NetworkState("{}", arrays));
  }
}
