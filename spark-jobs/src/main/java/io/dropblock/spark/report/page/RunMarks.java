package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.Mark;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * What is marked along the curves of a run: its checkpoints, its best epoch, its failures, and
 * where its ranks changed.
 */
final class RunMarks {
  /** More ticks would be a bar. */
  private static final int MOST_CHECKPOINTS = 60;

  private RunMarks() {}

  /** In epochs. */
  static List<Mark> of(ReportedRun run) {
    double stepsPerEpoch = run.started().orElseThrow().stepsPerEpoch();
    List<Mark> marks = new ArrayList<>();
    List<RunEvent.Checkpoint> checkpoints = run.of(RunEvent.Checkpoint.class);
    int apart = 1 + checkpoints.size() / MOST_CHECKPOINTS;
    for (int i = (checkpoints.size() - 1) % apart; i >= 0 && i < checkpoints.size(); i += apart) {
      RunEvent.Checkpoint checkpoint = checkpoints.get(i);
      marks.add(
          new Mark(
              Mark.Kind.CHECKPOINT, (checkpoint.step() + 1) / stepsPerEpoch, checkpoint.name()));
    }
    run.best()
        .ifPresent(
            epoch ->
                marks.add(
                    new Mark(
                        Mark.Kind.BEST,
                        epoch.epoch() + 1,
                        "best: " + epoch.scores().primary().text())));
    run.of(RunEvent.Failed.class)
        .forEach(
            failed ->
                marks.add(
                    new Mark(Mark.Kind.FAILURE, failed.step() / stepsPerEpoch, failed.reason())));
    run.of(RunEvent.Ranks.class)
        .forEach(
            change ->
                marks.add(
                    new Mark(
                        Mark.Kind.RANKS,
                        change.step() / stepsPerEpoch,
                        change.before() + " to " + Count.of(change.ranks(), "rank"))));
    return marks;
  }
}
