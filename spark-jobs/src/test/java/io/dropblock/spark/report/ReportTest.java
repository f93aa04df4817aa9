package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores;
import io.dropblock.spark.train.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final RunEvent STARTED =
      new RunEvent.Started("tiny", 2, 64, 3, 10, 10, 640, 1234567);
  private static final RunEvent STEPS = new RunEvent.Steps(1, 14, 5, 1.25, 99.6, .967, .98, .1);
  private static final RunEvent EPOCH =
      new RunEvent.Epoch(
          1,
          1.25,
          101.4,
          6.44,
          .967,
          .983,
          .1,
          Scores.of(new Scores.Score("top-1", .612), new Scores.Score("pixel accuracy", .9)),
          .612,
          Map.of(),
          List.of(),
          List.of());

  @Test
  void aTerminalSeesOneLineThatIsWrittenOver() {
    String printed = printed(true, STARTED, STEPS);
    assertThat(printed)
        .startsWith("Training tiny: 1,234,567 parameters, 2 ranks, global batch 64, epochs 2 to 3")
        .contains("\r\u001B[Kepoch 2/3  step 5/10  loss 1.250  100 images/s  keep_prob 0.967")
        .endsWith(" left");
  }

  @Test
  void elsewhereALineComesWithTheFirstStepsThenOnceAMinuteAndWithEachEpoch() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AtomicLong time = new AtomicLong();
    ProgressLine line =
        new ProgressLine(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), false, "", time::get);
    line.accept(STARTED);
    time.addAndGet(TimeUnit.SECONDS.toNanos(30));
    line.accept(steps(11));
    time.addAndGet(TimeUnit.SECONDS.toNanos(59));
    line.accept(steps(12));
    time.addAndGet(TimeUnit.SECONDS.toNanos(1));
    line.accept(steps(13));
    line.accept(steps(14));
    time.addAndGet(TimeUnit.SECONDS.toNanos(30));
    line.accept(EPOCH);
    time.addAndGet(TimeUnit.SECONDS.toNanos(59));
    line.accept(steps(20));
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).doesNotContain("\r");
    assertThat(text.lines().skip(1))
        .containsExactly(
            "epoch 2/3  step 2/10  loss 1.250  100 images/s  keep_prob 0.967  0:11 min left",
            "epoch 2/3  step 4/10  loss 1.250  100 images/s  keep_prob 0.967  8:00 min left",
            "epoch 2/3  loss 1.250  top-1 61.2 %  101 images/s  keep_prob 0.967  1:52 min left");
  }

  /** The first steps, whose own pace says nothing of the others', are not counted. */
  @Test
  void theTimeLeftIsCountedAnewBehindAFailure() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AtomicLong time = new AtomicLong();
    ProgressLine line =
        new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, "", time::get);
    line.accept(STARTED);
    time.addAndGet(TimeUnit.MINUTES.toNanos(5));
    line.accept(steps(10));
    time.addAndGet(TimeUnit.SECONDS.toNanos(10));
    line.accept(steps(19));
    time.addAndGet(TimeUnit.MINUTES.toNanos(5));
    line.accept(new RunEvent.Failed(1, 4, 15, "gone", List.of()));
    time.addAndGet(TimeUnit.SECONDS.toNanos(10));
    line.accept(steps(19));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(text -> text.endsWith("left") || text.contains("going"))
        .last()
        .asString()
        .endsWith("0:20 min left");
  }

  private static RunEvent steps(long step) {
    return new RunEvent.Steps(1, step, 1, 1.25, 99.6, .967, .98, .1);
  }

  @Test
  void aFailureIsToldWithItsReasonAndWhereTheRunGoesOn() {
    RunEvent failed =
        new RunEvent.Failed(1, 4, 12, "rank 1 on b: its executor was lost", List.of("b"));
    assertThat(printed(true, STARTED, STEPS, failed))
        .endsWith(
            "\r"
                + "\u001B[KFailure 1 of at most 4 in a row: rank 1 on b: its executor was lost."
                + " Going on with step 13, without b\n");
  }

  @Test
  void otherRanksAreToldOfWithTheStepTheyGoOnWith() {
    assertThat(printed(true, STARTED, STEPS, new RunEvent.Ranks(12, 1, 2)))
        .endsWith("\r\u001B[KGoing on with 1 rank in place of 2 from step 13\n");
  }

  @Test
  void imagesThatAnEpochLeavesOverAreMentioned() {
    assertThat(printed(false, new RunEvent.Started("tiny", 1, 32, 3, 60, 0, 1927, 9)).lines())
        .containsExactly(
            "Training tiny: 9 parameters, 1 rank, global batch 32, epochs 1 to 3 of 60 steps",
            "7 of 1,927 images are left over in each epoch, as they do not fill a step; others each"
                + " time");
  }

  @Test
  void aRunThatIsStoppedSaysHowFarItIsAndNothingElse() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProgressLine line =
        new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
    assertThat(line.stop("go on"))
        .isEqualTo("Stopped before the first step; the same command starts again");
    ProgressLine other =
        new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
    other.accept(STARTED);
    assertThat(other.stop("go on")).isEqualTo("Stopped at step 10 of 30; go on");
    bytes.reset();
    other.accept(STEPS);
    other.accept(EPOCH);
    assertThat(bytes.size()).isZero();
  }

  @Test
  void anEpochThatIsToldAmongTheStepsOfTheNextTakesNothingBack() {
    ProgressLine line =
        new ProgressLine(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), true);
    line.accept(STARTED);
    line.accept(new RunEvent.Steps(2, 24, 5, 1.25, 99.6, .967, .98, .1));
    line.accept(EPOCH);
    assertThat(line.stop("go on")).isEqualTo("Stopped at step 25 of 30; go on");
  }

  @Test
  void theTableHasARowAnEpoch() {
    RunEvent unmeasured =
        new RunEvent.Epoch(
            0, 2, 101.4, 6.44, .967, .983, .1, null, null, Map.of(), List.of(), List.of());
    assertThat(EpochTable.of(List.of(STARTED, STEPS, unmeasured, EPOCH)).lines())
        .containsExactly(
            " epoch    loss  top-1 %  pixel accuracy %  keep_prob    kept  learning rate  images/s "
                + " seconds",
            "     1   2.000        -                 -      0.967   0.983        0.10000       101 "
                + "     6.4",
            "     2   1.250     61.2              90.0      0.967   0.983        0.10000       101 "
                + "     6.4",
            "",
            "Best: epoch 2, top-1 61.20 %");
  }

  /** Of an epoch within which it changed, the last. */
  @Test
  void theTableTellsTheNumberOfRanksWhereItChanged() {
    String table = EpochTable.of(List.of(of(0, 4), of(1, 0), of(2, 2)));
    assertThat(table.lines().map(line -> line.substring(line.length() - 7)))
        .containsExactly("  ranks", "      4", "      -", "      2");
    assertThat(EpochTable.of(List.of(of(0, 2), of(1, 0), of(2, 2)))).doesNotContain("ranks");
  }

  private static RunEvent of(int epoch, int ranks) {
    return new RunEvent.Epoch(
        epoch,
        2,
        1,
        1,
        1,
        1,
        .1,
        null,
        null,
        Map.of(),
        IntStream.range(0, ranks)
            .mapToObj(rank -> new RunEvent.RankTimes(rank, "a", "0", 1, Map.of(), 0, 0, 0))
            .toList(),
        List.of());
  }

  @Test
  void theFirstOfTheBestEpochsIsTheBest() {
    String table = EpochTable.of(List.of(scored(0, .5), scored(1, .7), scored(2, .7)));
    assertThat(table).endsWith("\nBest: epoch 2, top-1 70.00 %\n");
    assertThat(EpochTable.of(List.of(STARTED))).doesNotContain("Best");
  }

  private static RunEvent scored(int epoch, double top1) {
    Scores scores = Scores.of(new Scores.Score("top-1", top1));
    return new RunEvent.Epoch(epoch, 2, 1, 1, 1, 1, .1, scores, .7, Map.of(), List.of(), List.of());
  }

  private static String printed(boolean terminal, RunEvent... events) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProgressLine line =
        new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    List.of(events).forEach(line);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
