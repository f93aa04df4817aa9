package io.dropblock.spark.experiment;

import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;

/**
 * The epochs of a cell's run.
 *
 * @param all in their order; those that it did again behind a failure as they were the last time
 */
public record CellEpochs(List<RunEvent.Epoch> all) {
  /** From all that a run told. */
  public static CellEpochs of(List<RunEvent> told) {
    return new CellEpochs(
        ReportedRun.told("", "", "", told).events().stream()
            .filter(RunEvent.Epoch.class::isInstance)
            .map(RunEvent.Epoch.class::cast)
            .toList());
  }

  /** Seconds that they took, evaluation included where it was waited for. */
  public double seconds() {
    return all.stream().mapToDouble(RunEvent.Epoch::seconds).sum();
  }
}
