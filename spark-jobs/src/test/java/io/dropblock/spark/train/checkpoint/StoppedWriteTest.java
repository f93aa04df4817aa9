package io.dropblock.spark.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process in a JVM of its own that is told to end while it writes a checkpoint. */
class StoppedWriteTest {
  @TempDir private Path folder;
  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void theCheckpointIsWrittenToItsEnd() throws Exception {
    stop(true);
    assertThat(names()).containsExactly("epoch-0001");
    RunFolder run =
        RunFolder.open(
            new org.apache.hadoop.fs.Path(folder.resolve("run").toUri()), new Configuration());
    assertThat(run.checkpoints().latest(line -> {})).isPresent();
  }

  @Test
  void oneThatTakesTooLongLeavesNothing() throws Exception {
    stop(false);
    assertThat(names()).isEmpty();
  }

  private void stop(boolean goesOn) throws IOException, InterruptedException {
    // a JVM that was started without ears for a signal starts its children without, too
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("--add-opens"))
            .toList());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            WriteTurnMain.class.getName(),
            folder.toString(),
            "" + goesOn));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("printed").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Files.exists(folder.resolve("writes")) || !process.isAlive());
    assertThat(process.isAlive()).as(this::printed).isTrue();
    new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(this::printed).isTrue();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder.resolve("run/checkpoints"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private String printed() {
    try {
      return Files.readString(folder.resolve("printed"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
