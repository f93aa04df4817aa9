package io.dropblock.spark.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dropblock.metric.Scores;
import io.dropblock.spark.chart.Mark;
import io.dropblock.spark.chart.Series;
import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a page tells of one run. */
class RunSectionTest {
  private static final int STEPS = 10;
  private static final String HOSTILE = "<b onclick=\"alert(1)\">";

  private final List<RunEvent> events =
      new ArrayList<>(
          List.of(
              new RunEvent.Started("recipe", 2, 64, 3, STEPS, 0, 640, 1234),
              new RunEvent.Environment(Map.of(HOSTILE, HOSTILE)),
              new RunEvent.Checkpoint(4, "epoch-0000-step-00000005"),
              epoch(0, .5),
              new RunEvent.Checkpoint(9, "epoch-0001"),
              epoch(1, .7),
              new RunEvent.Checkpoint(19, "epoch-0002"),
              new RunEvent.Checkpoint(24, "epoch-0002-step-00000005"),
              new RunEvent.Failed(1, 3, 20, HOSTILE, List.of()),
              new RunEvent.Ranks(20, 1, 2),
              epoch(2, .6)));

  @Test
  void whatHappenedIsMarkedAlongTheEpochs() {
    assertThat(RunMarks.of(run()))
        .containsExactly(
            new Mark(Mark.Kind.CHECKPOINT, .5, "epoch-0000-step-00000005"),
            new Mark(Mark.Kind.CHECKPOINT, 1, "epoch-0001"),
            // what was done again is not there any more
            new Mark(Mark.Kind.CHECKPOINT, 2, "epoch-0002"),
            new Mark(Mark.Kind.BEST, 2, "best: top-1 70.00 %"),
            new Mark(Mark.Kind.FAILURE, 2, HOSTILE),
            new Mark(Mark.Kind.RANKS, 2, "2 to 1 rank"));
  }

  @Test
  void ofManyCheckpointsSomeAreMarkedTheLastAmongThem() {
    for (int step = 30; step < 1030; step++) {
      events.add(new RunEvent.Checkpoint(step, "step " + step));
    }
    List<Mark> ticks =
        RunMarks.of(run()).stream().filter(it -> it.kind() == Mark.Kind.CHECKPOINT).toList();
    assertThat(ticks).hasSizeBetween(50, 61);
    assertThat(ticks.get(ticks.size() - 1).name()).isEqualTo("step 1029");
  }

  @Test
  void eachRankHasItsMemoryAndItsLogs() {
    LogLinks logs =
        new LogLinks(
            Map.of(
                "7",
                Map.of(
                    "stderr", "http://worker:8081/logPage/?appId=1&logType=stderr",
                    "stdout", "javascript:alert(1)"),
                "8",
                Map.of("stdout", "/history/log\"><b>")));
    assertThat(ReportPage.body(List.of(run()), logs))
        .contains("<td>7</td>", "<td>1,024 MiB</td>", "<td>3</td>")
        .contains(
            "<a href=\"http://worker:8081/logPage/?appId=1&amp;logType=stderr\">stderr</a>",
            "<a href=\"/history/log&quot;&gt;&lt;b&gt;\">stdout</a>")
        .doesNotContain("javascript:");
    assertThat(ReportPage.body(List.of(run()), LogLinks.NONE)).doesNotContain("<a ");
  }

  @Test
  void eachSiteSaysWhatItKeptBesideWhatWasToBeExpected() {
    assertThat(ReportPage.of(List.of(run())))
        .contains("<td>75.00 %</td>", "<td>50.00 %</td>", "Share kept at 2 sites")
        .contains("&lt;b onclick")
        .doesNotContain(HOSTILE);
  }

  @Test
  void ofManySitesTheExtremesAreDrawn() {
    List<RunEvent.SiteShare> sites = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      sites.add(new RunEvent.SiteShare("site " + i, .9, .8 + i / 300.));
    }
    events.add(epoch(3, .1, sites));
    assertThat(ReportPage.of(List.of(run())))
        .contains("Share kept at 30 sites", "site that kept least", "site that kept most");
    assertThat(SiteCurves.of(run()).orElseThrow().series())
        .extracting(Series::name, series -> series.y()[series.y().length - 1])
        .contains(tuple("site that kept least", .8), tuple("site that kept most", .8 + 29 / 300.));
  }

  private ReportedRun run() {
    return ReportedRun.told("run", "/runs/run", "name: recipe", events);
  }

  private static RunEvent.Epoch epoch(int epoch, double top1) {
    return epoch(
        epoch,
        top1,
        List.of(new RunEvent.SiteShare(HOSTILE, .75, .5), new RunEvent.SiteShare("b", 1, 1)));
  }

  private static RunEvent.Epoch epoch(int epoch, double top1, List<RunEvent.SiteShare> sites) {
    Scores scores = new Scores(List.of(new Scores.Score("top-1", top1)), List.of(), List.of());
    return new RunEvent.Epoch(
        epoch,
        1,
        64,
        2,
        .9,
        .93,
        .1,
        scores,
        .7,
        Map.of(),
        List.of(rank(0, "7"), rank(1, "8")),
        sites);
  }

  private static RunEvent.RankTimes rank(int rank, String executor) {
    return new RunEvent.RankTimes(
        rank, HOSTILE, executor, STEPS, Map.of("forward", 1.), 3, 1L << 30, 0);
  }
}
