package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that is told to end in its second cell, or in both. */
@ExtendWith(SparkInThisJvm.class)
class StoppedExperimentTest {
  private static final String GRID =
      """
      title: Stopped
      recipe: demo
      set: [train.local_batch=4, train.slots=2, model.width=2, train.world=0, train.epochs=3]
      seeds: [1, 2]
      rows:
        - name: only
      """;

  @TempDir private static Path folder;
  private static CommandJvm jvm;

  @BeforeAll
  static void undisturbed() throws IOException, InterruptedException {
    TinyRun.prepare(folder);
    Files.writeString(folder.resolve("grid.yaml"), GRID);
    experiment("undisturbed", 1);
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();
  }

  @AfterEach
  void end() {
    jvm.end();
  }

  @Test
  void theSameCommandGoesOnWithTheStep() throws IOException, InterruptedException {
    experiment("stopped", 1);
    stopWith("stopped", "only-seed2");
    assertThat(jvm.printed())
        .containsPattern("\nStopped at step [0-9]+ of [0-9]+; go on with the same command\n");

    experiment("stopped", 1);
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();
    assertThat(jvm.printed())
        .doesNotContain("Cell 1 of 2")
        .contains("Cell 2 of 2", "epochs left, ");
    assertEndsAsUndisturbed("stopped");
  }

  @Test
  void cellsSideBySideKeepTheirStepsEach() throws IOException, InterruptedException {
    experiment("beside", 2);
    stopWith("beside", "only-seed1", "only-seed2");
    for (String cell : List.of("only-seed1", "only-seed2")) {
      List<RunEvent> events = EventLog.read(run(cell).files(), run(cell).events());
      assertThat(events.get(events.size() - 1)).isInstanceOf(RunEvent.Stopped.class);
      long done = ((RunEvent.Stopped) events.get(events.size() - 1)).step() + 1;
      assertThat(run(cell).checkpoints().latest(line -> {}).orElseThrow().manifest().step())
          .isEqualTo(done);
      assertThat(jvm.printed())
          .contains(
              "\n" + cell + ": Told to end: finishing this step, and writing a checkpoint\n",
              "\n" + cell + ": Stopped at step " + done + " of ");
    }

    experiment("beside", 2);
    assertThat(jvm.exitCode()).as(jvm::printed).isZero();
    assertThat(jvm.printed()).contains("Cell 1 of 2", "Cell 2 of 2");
    assertEndsAsUndisturbed("beside");
  }

  /** When all of these tell of steps. */
  private void stopWith(String out, String... cells) throws IOException, InterruptedException {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Stream.of(cells).allMatch(cell -> tellsOfSteps(out, cell)) || !jvm.isAlive());
    assertThat(jvm.signal("TERM")).as(jvm::printed).isEqualTo(128 + 15);
    assertThat(jvm.printed()).doesNotContain("Exception", "\tat ", "Cannot", "failed:");
  }

  private boolean tellsOfSteps(String out, String cell) {
    Path events = folder.resolve(out).resolve("cells").resolve(cell).resolve("events.jsonl");
    try {
      return Files.exists(events) && Files.readString(events).contains("\"steps\"");
    } catch (IOException e) {
      return false;
    }
  }

  private RunFolder run(String cell) {
    return RunFolder.open(
        new org.apache.hadoop.fs.Path(folder.resolve("beside/cells").resolve(cell).toUri()),
        new Configuration());
  }

  private void assertEndsAsUndisturbed(String out) throws IOException {
    assertThat(ComparedResults.of(folder.resolve(out)))
        .isEqualTo(ComparedResults.of(folder.resolve("undisturbed")));
  }

  private static void experiment(String out, int atOnce) throws IOException {
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
                folder.resolve(out).toString(),
                "--at-once",
                String.valueOf(atOnce)));
  }
}
