package io.dropblock.spark.train.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.util.List;

/** The slices of steps in the log of a run. */
public final class LoggedSteps {
  private LoggedSteps() {}

  /** Reads a log in which each ends behind the one before, and some step is the end of one. */
  public static List<RunEvent> rising(RunFolder run, long last) throws IOException {
    List<RunEvent> log = EventLog.read(run.files(), run.events());
    List<Long> steps =
        log.stream()
            .filter(RunEvent.Steps.class::isInstance)
            .map(event -> ((RunEvent.Steps) event).step())
            .toList();
    assertThat(steps).isSorted().doesNotHaveDuplicates().contains(last);
    return log;
  }
}
