package io.dropblock.spark.cli;

import static io.dropblock.spark.cli.TinyRun.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A run of one epoch, gone on with by other ranks. */
@ExtendWith(SparkInThisJvm.class)
class ResumeWorldTest {
  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private TinyRun run;

  @BeforeAll
  static void trainOneEpoch() throws IOException {
    TinyRun.prepare(shared);
    TinyRun first = new TinyRun(shared.resolve("data"), shared.resolve("run"));
    assertThat(first.train("--set", "train.epochs=1").status()).isZero();
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    run = new TinyRun(shared.resolve("data"), temporary.resolve("run"));
    TinyRun.copy(shared.resolve("run"), run.folder());
  }

  @Test
  void anotherGlobalBatchIsRefusedAndTheRecipeStays() throws IOException {
    String before = Files.readString(run.folder().resolve("recipe.yaml"));
    Answer answer =
        run.resume("--set", "train.epochs=2", "--set", "train.slots=1", "--set", "train.world=1");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.error())
        .hasLineCount(1)
        .contains("a step of its checkpoint has 32 images, one of this run would have 16");
    assertThat(Files.readString(run.folder().resolve("recipe.yaml"))).isEqualTo(before);
  }

  @Test
  void goesOnWithOneRankInPlaceOfTwo() throws IOException {
    Answer answer =
        run.resume(
            "--set",
            "train.epochs=2",
            "--set",
            "train.slots=0",
            "--set",
            "train.world=1",
            "--set",
            "train.accumulation=2");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out()).contains("1 rank, global batch 32, epochs 2 to 2");
    assertThat(run.checkpoint("epoch-0002").manifest().origin().world()).isEqualTo(1);
  }

  @Test
  void otherRanksDoNotGoOnWhereRanksGoOwnWays() {
    run = new TinyRun(shared.resolve("data"), temporary.resolve("own-ways"));
    String[] every = {"--set", "train.averaging.every=15"};
    assertThat(run.train(with(every, "--set", "train.epochs=1")).error()).isEmpty();
    assertFails(
        run.resume(with(every, "--set", "train.epochs=2", "--set", "train.world=1")),
        "Cannot resume run "
            + run.folder()
            + ": 2 ranks trained it, and with 1 rank it would be another run, as ranks go own ways"
            + " between two averagings (train.averaging); go on with train.world: 2");
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void otherRanksGoOnWithTheSlotsOfARun() throws IOException {
    run = new TinyRun(shared.resolve("data"), temporary.resolve("of-one"));
    String[] every =
        Stream.of("averaging.every=1", "epochs=2", "slots=4", "local_batch=8")
            .flatMap(setting -> Stream.of("--set", "train." + setting))
            .toArray(String[]::new);
    assertThat(run.train(with(every, "--set", "train.world=1")).error()).isEmpty();
    NetworkState whole = run.checkpoint("epoch-0002").network();
    assertThat(run.checkpoint("epoch-0001").manifest().origin().streams()).isEqualTo(4);
    deleteAll(run.folder().resolve("checkpoints/epoch-0002"));
    Answer two = run.resume(every);
    assertThat(two.error()).isEmpty();
    assertThat(two.out())
        .contains("2 ranks, global batch 32, epochs 2 to 2")
        .contains("Went on with 2 ranks in place of 1: each step has the same images as before");
    assertThat(Files.readAllLines(run.folder().resolve("events.jsonl")))
        .filteredOn(line -> line.contains("\"event\":\"started\""))
        .last()
        .asString()
        .contains("\"world\":2,\"slots\":4,\"global_batch\":32,");
    assertThat(run.checkpoint("epoch-0002").network().arrays())
        .containsExactlyEntriesOf(whole.arrays());
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
