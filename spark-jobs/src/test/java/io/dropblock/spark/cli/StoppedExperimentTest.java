package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that is told to end in its second cell. */
@ExtendWith(SparkInThisJvm.class)
class StoppedExperimentTest {
  private static final String GRID =
      """
      title: Stopped
      recipe: demo
      set: [train.local_batch=4, model.width=2, train.world=2, train.epochs=3]
      seeds: [1, 2]
      rows:
        - name: only
      """;

  @TempDir private Path folder;
  private CommandJvm jvm;

  @AfterEach
  void end() {
    jvm.end();
  }

  @Test
  void theSameCommandGoesOnWithTheStep() throws IOException, InterruptedException {
    TinyRun.prepare(folder);
    Files.writeString(folder.resolve("grid.yaml"), GRID);
    experiment("undisturbed");
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();

    experiment("stopped");
    Path events = folder.resolve("stopped/cells/only-seed2/events.jsonl");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                Files.exists(events) && Files.readString(events).contains("\"steps\"")
                    || !jvm.isAlive());
    assertThat(jvm.signal("TERM")).as(jvm::printed).isEqualTo(128 + 15);
    assertThat(jvm.printed())
        .containsPattern("\nStopped at step [0-9]+ of [0-9]+; go on with the same command\n")
        .doesNotContain("Exception", "\tat ", "Cannot", "failed:");

    experiment("stopped");
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();
    assertThat(jvm.printed())
        .doesNotContain("Cell 1 of 2")
        .contains("Cell 2 of 2", "epochs left, ");
    assertThat(Files.readString(folder.resolve("stopped/results.csv")))
        .isEqualTo(Files.readString(folder.resolve("undisturbed/results.csv")));
  }

  private void experiment(String out) throws IOException {
    jvm =
        CommandJvm.start(
            folder,
            List.of(
                "spark.master=local[2]",
                "spark.plugins=" + TrainingPlugin.class.getName(),
                "spark.dropblock.progress.interval=50ms"),
            List.of(
                "experiment",
                folder.resolve("grid.yaml").toString(),
                "--data",
                folder.resolve("data").toString(),
                "--out",
                folder.resolve(out).toString()));
  }
}
