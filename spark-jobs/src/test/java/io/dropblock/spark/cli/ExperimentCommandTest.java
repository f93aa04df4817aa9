package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.files.FullDisk;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Experiments of two rows and two seeds with the demo's recipe, an epoch each. */
@ExtendWith(SparkInThisJvm.class)
class ExperimentCommandTest {
  private static final String GRID =
      """
      title: Small & quick
      recipe: demo
      set: [train.local_batch=16, model.width=2, train.world=2, train.epochs=1]
      baseline: none
      seeds: [1, 2]
      rows:
        - name: none
          set: ["dropblock.groups=[]"]
        - name: some
          label: DropBlock
      """;
  private static final List<String> CELLS =
      List.of("none-seed1", "some-seed1", "none-seed2", "some-seed2");

  @TempDir private static Path shared;
  @TempDir private Path temporary;

  @BeforeAll
  static void undisturbed() throws IOException {
    TinyRun.prepare(shared);
    Files.writeString(shared.resolve("grid.yaml"), GRID);
    Answer answer = experiment(shared.resolve("out"));
    assertThat(answer.status()).as(answer.error()).isZero();
    Files.writeString(shared.resolve("printed.txt"), answer.out());
  }

  private static Answer experiment(Path out, String... more) {
    return experiment(out.toString(), more);
  }

  private static Answer experiment(String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "experiment",
                shared.resolve("grid.yaml").toString(),
                "--data",
                shared.resolve("data").toString(),
                "--out",
                out));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  @Test
  void trainsAllCellsAndComparesThem() throws IOException {
    String printed = Files.readString(shared.resolve("printed.txt"));
    assertThat(printed)
        .contains("Cell 1 of 4, none-seed1: 0 done, 0 failed, 4 epochs left\n")
        .containsPattern("Cell 3 of 4, none-seed2: 2 done, 0 failed, 2 epochs left, .* left\n")
        .contains("\n4 of 4 cells done in " + shared.resolve("out") + "\n")
        .contains("Report: " + shared.resolve("out/report.html"));
    Path out = shared.resolve("out");
    String table = Files.readString(out.resolve("results.txt"));
    assertThat(printed).contains("Small & quick\n" + table);
    assertThat(table.lines().toList())
        .contains("top-1 %", "top-5 %", "cross entropy")
        .hasSize(3 * 4 + 2)
        .element(3)
        .asString()
        .startsWith("DropBlock    2/2         1.0  ")
        .matches(".* \\[[+-].*, [+-].*]");
    assertThat(Files.readAllLines(out.resolve("results.csv"))).hasSize(1 + 3 * 4);
    assertThat(out.resolve("figure.svg")).content().contains("Small &amp; quick", "DropBlock");
    assertThat(javax.imageio.ImageIO.read(out.resolve("figure.png").toFile()).getWidth())
        .isEqualTo(960);
    assertThat(out.resolve("figure-cross-entropy.svg"))
        .content()
        .contains("cross entropy, best epoch", "DropBlock")
        .doesNotContain("top-1");
    assertThat(out.resolve("figure-top-5.png")).exists();
    assertThat(out.resolve("report.html")).content().contains(CELLS);
  }

  /** Which has no Spark to start. */
  @Test
  void whatIsDoneIsNotDoneAgain() throws IOException {
    Path copy = copied();
    long events = Files.size(copy.resolve("cells/none-seed1/events.jsonl"));
    Answer answer = experiment(copy, "--resume");
    assertThat(answer.status()).as(answer.error()).isZero();
    assertThat(answer.out()).doesNotContain("Training ").contains("4 of 4 cells done");
    assertThat(Files.size(copy.resolve("cells/none-seed1/events.jsonl"))).isEqualTo(events);
    assertThat(Files.readString(copy.resolve("results.csv")))
        .isEqualTo(Files.readString(shared.resolve("out/results.csv")));
  }

  /** One is gone, one has only begun. */
  @Test
  void goesOnWithWhatIsNotDone() throws IOException {
    Path copy = copied();
    delete(copy.resolve("cells/some-seed1"));
    for (String begun : List.of("checkpoints", "events.jsonl", "data.json")) {
      delete(copy.resolve("cells/none-seed2").resolve(begun));
    }
    Answer plan = experiment(copy, "--check");
    assertThat(plan.out().lines())
        .containsExactly(
            "done   none-seed1", "new    some-seed1", "begun  none-seed2", "done   some-seed2");
    assertThat(plan.status()).isZero();
    Answer answer = experiment(copy);
    assertThat(answer.status()).as(answer.error()).isZero();
    assertThat(answer.out())
        .contains("Cell 2 of 4", "Cell 3 of 4")
        .doesNotContain("Cell 1 of 4", "Cell 4 of 4");
    assertSameAsUndisturbed(copy);
  }

  @Test
  void aCellThatFailsIsToldAndTheRestGoesOn() throws IOException {
    Path grid = temporary.resolve("grid.yaml");
    Files.writeString(
        grid, GRID.replace("set: [\"dropblock.groups=[]\"]", "set: [train.learning_rate=1e30]"));
    Path out = temporary.resolve("out");
    Answer answer =
        Answer.to(
            "experiment",
            grid.toString(),
            "--data",
            shared.resolve("data").toString(),
            "--out",
            out.toString());
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error().lines())
        .filteredOn(line -> line.startsWith("Cell "))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Cell none-seed1 failed: Cannot "),
            line -> assertThat(line).startsWith("Cell none-seed2 failed: Cannot "));
    assertThat(answer.out())
        .contains("Failed: none-seed1: Cannot ", "Failed: none-seed2: Cannot ")
        .contains("2 of 4 cells done in " + out + "; the same command goes on with the others\n")
        .contains("0/2", "2/2");
  }

  /** Rows that begin with a trained network are left out where there is none. */
  @Test
  void aRowBeginsWithATrainedNetwork() throws IOException {
    Path grid = temporary.resolve("grid.yaml");
    Files.writeString(
        grid,
        GRID.replace("seeds: [1, 2]", "seeds: [1]").replace("label: DropBlock", "init: true"));
    String[] command = {
      "experiment",
      grid.toString(),
      "--data",
      shared.resolve("data").toString(),
      "--out",
      copied().toString()
    };
    delete(temporary.resolve("copy/cells/some-seed1"));
    Answer without = Answer.to(command);
    assertThat(without.status()).as(without.error()).isZero();
    assertThat(without.out())
        .startsWith(
            "Left out 1 cell (some), to begin with a trained network: add --init RUN to train"
                + " them\n")
        .contains("1 of 1 cell done");
    List<String> more = new ArrayList<>(List.of(command));
    more.addAll(List.of("--init", shared.resolve("out/cells/none-seed1").toString()));
    Answer with = Answer.to(more.toArray(String[]::new));
    assertThat(with.status()).as(with.error()).isZero();
    assertThat(with.out()).contains("Cell 2 of 2, some-seed1", "2 of 2 cells done");
    assertThat(Files.readString(temporary.resolve("copy/cells/some-seed1/events.jsonl")))
        .contains("none-seed1");
  }

  @Test
  void noSpaceIsLeftInTheMiddle() throws IOException {
    String setting = "spark.hadoop." + FullDisk.SETTING;
    System.setProperty(setting, FullDisk.class.getName());
    Path out = temporary.resolve("out");
    try {
      FullDisk.left = 100_000;
      Answer answer = experiment("full:" + out);
      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.error())
          .contains("Cell some-seed2 failed: ", "No space left on device")
          .doesNotContain("\tat ");
      FullDisk.left = Long.MAX_VALUE;
      Answer again = experiment("full:" + out, "--resume");
      assertThat(again.status()).as(again.error()).isZero();
    } finally {
      FullDisk.left = Long.MAX_VALUE;
      System.clearProperty(setting);
    }
    assertSameAsUndisturbed(out);
  }

  @Test
  void refusesBeforeTheFirstCell() throws IOException {
    assertRefused(
        experiment(copied(), "--set", "dropblock.block_size=2"),
        "Cannot begin the experiment because of its cell none-seed1: run folder ",
        " holds a run of another recipe (dropblock.block_size 3 -> 2); take another --out, or move"
            + " that folder away");
    Path out = temporary.resolve("new");
    assertRefused(
        experiment(out, "--set", "data.classes=5"),
        "Cannot begin the experiment because of its cell none-seed1: Cannot use data set ",
        " for none-seed1: it has 6 classes, the recipe 5 (data.classes)");
    assertRefused(
        experiment(out, "--resume"), "Cannot resume experiment " + out, "leave --resume out");
    assertRefused(
        experiment(out, "--set", "no.key=5"), "Cannot make cell none-seed1: ", "Unknown key no");
    assertRefused(
        experiment(out, "--at-once", "2"),
        "Cannot train 2 cells at once: there will be 2 task slots with spark.master=local[2], 1 for"
            + " each, and a cell needs 2; ",
        "lower --at-once, or set train.world");
    Answer none = experiment(out, "--at-once", "0");
    assertThat(none.error()).startsWith("Cannot use --at-once 0: it must be 1 or more");
    assertThat(none.status()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  private static void assertRefused(Answer answer, String begin, String end) {
    assertThat(answer.error()).startsWith(begin).contains(end).hasLineCount(1);
    assertThat(answer.out()).doesNotContain("Training ");
    assertThat(answer.status()).isEqualTo(1);
  }

  private Path copied() throws IOException {
    Path copy = temporary.resolve("copy");
    TinyRun.copy(shared.resolve("out"), copy);
    return copy;
  }

  private static void assertSameAsUndisturbed(Path out) throws IOException {
    assertThat(ComparedResults.of(out)).isEqualTo(ComparedResults.of(shared.resolve("out")));
    for (String cell : CELLS) {
      assertThat(newest(out, cell).network().arrays())
          .containsExactlyEntriesOf(newest(shared.resolve("out"), cell).network().arrays());
    }
  }

  private static Checkpoint newest(Path out, String cell) throws IOException {
    return RunFolder.open(
            new org.apache.hadoop.fs.Path(out.resolve("cells").resolve(cell).toString()),
            new Configuration())
        .checkpoints()
        .latest(line -> {})
        .orElseThrow();
  }

  private static void delete(Path path) throws IOException {
    org.apache.commons.io.FileUtils.forceDelete(path.toFile());
  }
}
