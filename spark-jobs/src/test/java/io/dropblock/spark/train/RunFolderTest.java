package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.files.FullDisk;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final String RECIPE = "seed: 1\n";

  @TempDir private java.nio.file.Path temporary;

  @AfterEach
  void empty() {
    FullDisk.left = Long.MAX_VALUE;
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set(FullDisk.SETTING, FullDisk.class.getName());
    return configuration;
  }

  private RunFolder create(String scheme) {
    return RunFolder.create(path(scheme), RECIPE, configuration());
  }

  private Path path(String scheme) {
    return new Path(scheme + ":" + temporary.resolve("run"));
  }

  private java.nio.file.Path recipe() {
    return temporary.resolve("run/recipe.yaml");
  }

  @Test
  void aRunThatDoesNotFitOnTheDiskLeavesNothingInItsOwnWay() throws IOException {
    FullDisk.left = 3;
    assertThatThrownBy(() -> create("full"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot write to run folder full:%s: No space left on device",
            temporary.resolve("run"));
    assertThat(temporary).isEmptyDirectory();
    FullDisk.left = Long.MAX_VALUE;
    create("full");
    assertThat(recipe()).hasContent(RECIPE);
  }

  /** As older versions left it on a full disk. */
  @Test
  void anEmptyRecipeIsNoRun() throws IOException {
    Files.createDirectories(temporary.resolve("run"));
    Files.createFile(recipe());
    assertThatThrownBy(() -> RunFolder.open(path("file"), configuration()))
        .hasMessage(
            "Cannot open run file:%s: its recipe.yaml is empty, as the disk was full when it began;"
                + " begin it again without --resume",
            temporary.resolve("run"));
    create("file");
    assertThat(recipe()).hasContent(RECIPE);
  }

  @Test
  void anEmptyRecipeBesideCheckpointsIsNotWrittenOver() throws IOException {
    Files.createDirectories(temporary.resolve("run/checkpoints/epoch-0001"));
    Files.createFile(recipe());
    assertThatThrownBy(() -> create("file")).hasMessageContaining("it holds one already");
    assertThatThrownBy(() -> RunFolder.open(path("file"), configuration()))
        .hasMessageEndingWith("copy that of its last checkpoint there");
    assertThat(recipe()).isEmptyFile();
  }

  @Test
  void oneProcessAtATimeTrainsARun() {
    FolderLock lock = create("file").lock();
    RunFolder other = RunFolder.open(path("file"), configuration());
    assertThatThrownBy(other::lock)
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(
            "Cannot train in run folder file:%s: another train is writing it (process %d on ",
            temporary.resolve("run"), ProcessHandle.current().pid());
    lock.close();
    other.lock().close();
  }

  /** It stood still for longer than anybody waits. */
  @Test
  void whoLostItsLockDoesNotWrite() throws IOException {
    RunFolder run = create("file");
    FolderLock lock = run.lock();
    run.requireLock();
    java.nio.file.Path file = temporary.resolve("run/.lock");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"another\""));
    assertThatThrownBy(run::requireLock)
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(
            "Cannot go on with run file:"
                + temporary.resolve("run")
                + ": another train has taken it over");
    lock.close();
    assertThat(file).exists();
  }

  @Test
  void twoRunsThatBeginAtATimeAreNotMixed() throws IOException {
    RunFolder one = create("file");
    Files.writeString(recipe(), "seed: 2\n");
    assertThatThrownBy(one::lock)
        .hasMessage(
            "Cannot train in run folder file:%s: another run was begun in it at the same time",
            temporary.resolve("run"));
  }

  @Test
  void aLogThatDoesNotFitIsToldAndTheOneBeforeIsKept() throws IOException {
    RunFolder run = create("full");
    try (EventLog log = EventLog.open(run.files(), run.events(), 0, 0)) {
      log.accept(new RunEvent.Stopped(0));
    }
    FullDisk.left = 0;
    assertThatThrownBy(() -> EventLog.open(run.files(), run.events(), 0, 0))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Cannot write event log full:%s/events.jsonl: No space left on device; free space and"
                + " use --resume",
            temporary.resolve("run"));
    assertThat(EventLog.read(run.files(), run.events())).hasSize(1);
    assertThat(temporary.resolve("run/events.jsonl.tmp")).doesNotExist();
  }
}
