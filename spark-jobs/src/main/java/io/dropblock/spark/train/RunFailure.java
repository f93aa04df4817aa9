package io.dropblock.spark.train;

import io.dropblock.spark.cluster.Recovery;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What is said where a run fails: that it goes on, or why it does not.
 *
 * @param folder of the run
 * @param attempts failures without a new checkpoint in between after which it is given up
 */
record RunFailure(RunFolder folder, int attempts) {

  /** Of numbers that are not finite: they would be so on any host. */
  TrainingException notFinite(String what, Exception cause) {
    return new TrainingException(
        "Cannot go on with run " + folder.path() + ": " + what + "; " + advice(), cause);
  }

  /** A network may be beyond help a step before its numbers are. */
  private String advice() {
    String lower = "lower train.learning_rate and use --resume";
    try {
      return folder.checkpoints().newestFirst().stream()
          .findFirst()
          .map(
              name ->
                  "its checkpoints are finite, the last is "
                      + name
                      + ": "
                      + lower
                      + "; should it end so again, move the last checkpoint away")
          .orElse("there is no checkpoint yet: " + lower);
    } catch (IOException e) {
      return lower;
    }
  }

  /**
   * Of a job that failed on the cluster.
   *
   * @param failures without a new checkpoint in between, this one included
   * @param step that the run would go on with
   * @throws TrainingException if it does not go on
   */
  RunEvent.Failed told(Recovery.Failure failure, int failures, long step, Exception cause) {
    if (failure.always()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot go on with run %s: %s; it would fail again, so mend it and use --resume",
              folder.path(),
              failure.reason()),
          cause);
    }
    if (failures >= attempts) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot go on with run %s: %s since step %d, the last: %s; its checkpoints"
                  + " are whole: mend it and use --resume",
              folder.path(),
              Count.of(failures, "failure"),
              step,
              failure.reason()),
          cause);
    }
    return new RunEvent.Failed(
        failures, attempts, step, failure.reason(), List.copyOf(failure.leftOut()));
  }
}
