package io.dropblock.spark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores;
import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of a run whose epochs are evaluated beside the next, each is told among the steps of that. */
class LateEpochTest {
  private static final int STEPS = 10;

  private final List<RunEvent> inOrder =
      List.of(
          started(),
          steps(4),
          steps(9),
          epoch(0, .7),
          steps(14),
          steps(19),
          epoch(1, .5),
          steps(24));
  private final List<RunEvent> late =
      List.of(
          started(),
          steps(4),
          steps(9),
          steps(14),
          epoch(0, .7),
          steps(19),
          steps(24),
          epoch(1, .5));

  @Test
  void thePageIsTheSame() {
    assertThat(page(late)).isEqualTo(page(inOrder)).contains("2 of 3 epochs; step 25 of 30");
    assertThat(page(late)).contains("Best: epoch 1, top-1 70.00 %");
    assertThat(new RunCurves(List.of(run(late))).charts().stream().map(LineChart::svg))
        .containsExactlyElementsOf(
            new RunCurves(List.of(run(inOrder))).charts().stream().map(LineChart::svg).toList());
  }

  /** With the checkpoint of the second epoch; or from that of the first. */
  @Test
  void whatIsDoneAgainIsThereOnce() {
    for (List<RunEvent> before : List.of(late, inOrder)) {
      List<RunEvent> events = new ArrayList<>(before);
      events.add(new RunEvent.Failed(1, 3, 2 * STEPS, "gone", List.of()));
      assertThat(run(events).epochs()).containsExactly(epoch(0, .7), epoch(1, .5));
      assertThat(run(events).steps()).containsExactly(steps(4), steps(9), steps(14), steps(19));
      events.add(new RunEvent.Failed(1, 3, STEPS + 5, "gone", List.of()));
      assertThat(run(events).epochs()).containsExactly(epoch(0, .7));
      assertThat(run(events).steps()).containsExactly(steps(4), steps(9), steps(14));
    }
  }

  private static String page(List<RunEvent> events) {
    return ReportPage.body(List.of(run(events)), LogLinks.NONE);
  }

  private static ReportedRun run(List<RunEvent> events) {
    return ReportedRun.told("run", "/run", "name: small\n", events);
  }

  private static RunEvent started() {
    return new RunEvent.Started("recipe", 2, 64, 3, STEPS, 0, 640, 1234);
  }

  private static RunEvent.Steps steps(long last) {
    return new RunEvent.Steps((int) (last / STEPS), last, 5, 1.5, 100, .9, .93, .1);
  }

  private static RunEvent.Epoch epoch(int epoch, double score) {
    return new RunEvent.Epoch(
        epoch,
        1.5,
        100,
        6.4,
        .9,
        .93,
        .1,
        Scores.of(new Scores.Score("top-1", score)),
        .7,
        Map.of(),
        List.of(),
        List.of());
  }
}
