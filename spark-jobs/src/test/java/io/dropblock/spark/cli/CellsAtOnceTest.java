package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An experiment whose cells are trained side by side; the ranks of all of them are threads of one
 * JVM.
 */
@ExtendWith(SparkInThisJvm.class)
class CellsAtOnceTest {
  private static final String GRID =
      """
      title: Side by side
      recipe: demo
      set:
        - train.local_batch=4
        - train.slots=4
        - model.width=2
        - train.world=0
        - train.epochs=2
        - train.checkpoint_every=1
      seeds: [1, 2]
      rows:
        - name: none
          set: ["dropblock.groups=[]"]
        - name: some
      """;

  private static final List<String> CELLS =
      List.of("none-seed1", "some-seed1", "none-seed2", "some-seed2");

  @TempDir private static Path shared;

  @BeforeAll
  static void oneByOne() throws IOException {
    TinyRun.prepare(shared);
    System.setProperty("spark.master", "local[4]");
    System.setProperty("spark.extraListeners", JobTimes.class.getName());
    JobTimes.forget();
    Answer answer = experiment(GRID, "alone", "1");
    assertThat(answer.status()).as(answer.error()).isZero();
    assertThat(answer.out()).contains(", 4 ranks, ");
    assertThat(overlapping()).as("one by one").isEmpty();
  }

  @AfterAll
  static void forget() {
    System.clearProperty("spark.extraListeners");
  }

  @BeforeEach
  void begin() {
    JobTimes.forget();
  }

  private static Answer experiment(String grid, String out, String atOnce) throws IOException {
    Path file = shared.resolve("grid-" + out + ".yaml");
    Files.writeString(file, grid);
    return Answer.to(
        "experiment",
        file.toString(),
        "--data",
        shared.resolve("data").toString(),
        "--out",
        shared.resolve(out).toString(),
        "--at-once",
        atOnce);
  }

  /** Pairs of jobs of two runs that ran at the same time. */
  private static List<List<JobTimes.Job>> overlapping() {
    List<JobTimes.Job> jobs = JobTimes.all();
    List<List<JobTimes.Job>> pairs = new ArrayList<>();
    for (JobTimes.Job one : jobs) {
      for (JobTimes.Job other : jobs) {
        if (!one.tags().equals(other.tags()) && one.overlaps(other)) {
          pairs.add(List.of(one, other));
        }
      }
    }
    return pairs;
  }

  @Test
  void theyEndWithTheSameBitsAsOneByOne() throws IOException {
    Answer answer = experiment(GRID, "beside", "2");
    assertThat(answer.status()).as(answer.error()).isZero();
    assertThat(answer.error()).isEmpty();
    assertThat(overlapping()).isNotEmpty();
    Set<String> tags = JobTimes.all().stream().map(JobTimes.Job::tags).collect(Collectors.toSet());
    assertThat(tags).as("a job is of one run").hasSize(4).noneMatch(tag -> tag.contains(","));
    for (String cell : CELLS) {
      assertSame(cell, "beside");
      assertThat(answer.out())
          .containsPattern("\n" + cell + ": Training " + cell + ": .*, 2 ranks, .*\n")
          .containsPattern("\n" + cell + ": epoch 2/2 .*\n");
    }
    assertThat(ComparedResults.of(shared.resolve("beside")))
        .isEqualTo(ComparedResults.of(shared.resolve("alone")));
    assertThat(answer.out())
        .containsSubsequence("\nCell 1 of 4, none", "\nCell 2 of 4, some", "\nCell 3 of 4, none")
        .contains("0 done, 0 failed, 8 epochs left\n", "4 of 4 cells done")
        .doesNotContain("\u001B");
  }

  /** The first one's numbers are not finite within its first steps. */
  @Test
  void oneThatFailsDoesNotDisturbTheOthers() throws IOException {
    Answer answer =
        experiment(
            GRID.replace("set: [\"dropblock.groups=[]\"]", "set: [train.learning_rate=1e30]"),
            "failing",
            "2");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error().lines())
        .filteredOn(line -> line.startsWith("Cell "))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("Cell none-seed1 failed: Cannot go on with run "),
            line -> assertThat(line).startsWith("Cell none-seed2 failed: Cannot go on with run "));
    for (String cell : List.of("some-seed1", "some-seed2")) {
      assertSame(cell, "failing");
      assertThat(events(cell, "failing")).noneMatch(RunEvent.Failed.class::isInstance);
    }
    assertThat(answer.out()).contains("2 of 4 cells done");
  }

  /** Each of two has two slots, of which it keeps one. */
  @Test
  void eachEvaluatesBesideItsOwnSteps() throws IOException {
    System.setProperty("spark.dropblock.evaluation.slots", "1");
    try {
      Answer answer = experiment(GRID, "evaluating", "2");
      assertThat(answer.status()).as(answer.error()).isZero();
      assertThat(answer.out()).contains(", 1 rank, ").doesNotContain(" ranks, ");
      for (String cell : CELLS) {
        assertSame(cell, "evaluating");
      }
      Answer refused = experiment(GRID, "refused", "3");
      assertThat(refused.error())
          .startsWith("Cannot train 3 cells at once: there will be 4 task slots with ")
          .contains(", 1 for each, and a cell needs 2; ");
    } finally {
      System.clearProperty("spark.dropblock.evaluation.slots");
    }
  }

  private static void assertSame(String cell, String out) throws IOException {
    assertThat(newest(cell, out).network().arrays())
        .as(cell)
        .containsExactlyEntriesOf(newest(cell, "alone").network().arrays());
    assertThat(scores(cell, out)).as(cell).isEqualTo(scores(cell, "alone"));
  }

  /** Without losses, whose sum over the images depends on the number of ranks. */
  private static List<Object> scores(String cell, String out) throws IOException {
    return events(cell, out).stream()
        .filter(RunEvent.Epoch.class::isInstance)
        .<Object>map(event -> ((RunEvent.Epoch) event).scores().main())
        .toList();
  }

  private static RunFolder run(String cell, String out) {
    return RunFolder.open(
        new org.apache.hadoop.fs.Path(shared.resolve(out).resolve("cells").resolve(cell).toUri()),
        new Configuration());
  }

  private static List<RunEvent> events(String cell, String out) throws IOException {
    return EventLog.read(run(cell, out).files(), run(cell, out).events());
  }

  private static Checkpoint newest(String cell, String out) throws IOException {
    return run(cell, out).checkpoints().latest(line -> {}).orElseThrow();
  }
}
