package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.report.EpochTable;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} on three task slots, one of which it keeps for evaluation. */
@ExtendWith(SparkInThisJvm.class)
class EvaluationSlotsCommandTest {
  private static final String KEY = OwnSetting.EVALUATION_SLOTS.key();

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    TinyRun.prepare(folder);
  }

  @BeforeEach
  void keepOne() {
    System.setProperty("spark.master", "local[3]");
    System.setProperty(KEY, "1");
  }

  @AfterEach
  void keepNone() {
    System.clearProperty(KEY);
  }

  @Test
  void theOthersTrainWhereTheRecipeLeavesIt() throws IOException {
    Answer beside = run("beside").train("--set", "train.world=0", "--set", "train.epochs=3");
    assertThat(beside.error()).isEmpty();
    assertThat(beside.out()).contains("2 ranks");
    System.clearProperty(KEY);
    System.setProperty("spark.master", "local[2]");
    assertThat(run("alone").train("--set", "train.world=0", "--set", "train.epochs=3").error())
        .isEmpty();
    assertThat(numbers("beside")).isEqualTo(numbers("alone"));
    assertThat(epochs("beside"))
        .extracting(epoch -> epoch.beside().containsKey("evaluation"))
        .containsExactly(true, true, false);
    assertThat(epochs("alone")).allMatch(epoch -> epoch.beside().isEmpty());
    assertThat(run("beside").checkpoint("best").manifest().best())
        .isEqualTo(run("alone").checkpoint("best").manifest().best());
  }

  @Test
  void isRefusedBeforeSparkStartsWhereThereWillBeTooFew() {
    System.setProperty("spark.master", "local[2]");
    TinyRun.assertFails(
        run("refused").train(),
        "Cannot train with 2 ranks and evaluate on 1 task slot besides ("
            + KEY
            + "): there will be 2 task slots with spark.master=local[2]; start more executors"
            + " (spark.executor.instances) or set another "
            + KEY);
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  /** Of the table all but the times. */
  private static List<String> numbers(String name) throws IOException {
    return EpochTable.of(List.copyOf(epochs(name)))
        .lines()
        .map(line -> line.replaceFirst("\\s+\\S+\\s+\\S+$", ""))
        .toList();
  }

  private static List<RunEvent.Epoch> epochs(String name) throws IOException {
    RunFolder run =
        RunFolder.open(
            new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), new Configuration());
    return EventLog.read(run.files(), run.events()).stream()
        .filter(RunEvent.Epoch.class::isInstance)
        .map(RunEvent.Epoch.class::cast)
        .toList();
  }

  private static TinyRun run(String name) {
    return new TinyRun(folder.resolve("data"), folder.resolve(name));
  }
}
