package io.dropblock.spark.report.page;

import io.dropblock.spark.report.evaluated.Evaluated;
import io.dropblock.spark.report.evaluated.EvaluatedFolder;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run as its folder tells of it.
 *
 * @param name of its folder
 * @param address of its folder
 * @param recipe effective, as YAML
 * @param events in their order
 * @param evaluated what its last evaluation found; null where nobody knows
 */
public record ReportedRun(
    String name, String address, String recipe, List<RunEvent> events, Evaluated evaluated) {
  /**
   * Reads what a run has left so far.
   *
   * @throws TrainingException if it cannot be read, or no step of it is done
   */
  public static ReportedRun of(RunFolder folder) {
    try {
      ReportedRun run =
          told(
                  folder.path().getName(),
                  folder.path().toString(),
                  folder.readRecipe(),
                  EventLog.read(folder.files(), folder.events()))
              .showing(new EvaluatedFolder(folder.files(), folder.path()).read());
      if (run.started().isEmpty()) {
        throw new TrainingException(
            String.format(
                Locale.ROOT,
                "Cannot report on run %s: there is nothing in its events.jsonl yet",
                folder.path()));
      }
      return run;
    } catch (IOException e) {
      throw new TrainingException(
          String.format(
              Locale.ROOT, "Cannot read run folder %s: %s", folder.path(), e.getMessage()),
          e);
    }
  }

  /**
   * A run from all that was told of it: steps and epochs that it did again behind a failure are
   * those of the last time.
   */
  public static ReportedRun told(
      String name, String address, String recipe, List<RunEvent> events) {
    List<RunEvent> kept = new ArrayList<>();
    long stepsPerEpoch = 1;
    for (RunEvent event : events) {
      if (event instanceof RunEvent.Started started) {
        stepsPerEpoch = started.stepsPerEpoch();
        dropAhead(kept, started.firstStep(), stepsPerEpoch);
      } else if (event instanceof RunEvent.Failed failed) {
        dropAhead(kept, failed.step(), stepsPerEpoch);
      }
      kept.add(event);
    }
    return new ReportedRun(name, address, recipe, List.copyOf(kept), null);
  }

  /** The same with what its last evaluation found, if that is known. */
  public ReportedRun showing(Optional<Evaluated> last) {
    return new ReportedRun(name, address, recipe, events, last.orElse(null));
  }

  private static void dropAhead(List<RunEvent> events, long step, long stepsPerEpoch) {
    int epochs = (int) (step / stepsPerEpoch);
    events.removeIf(event -> event.isAhead(epochs, step));
  }

  /** How it began, or went on the last time. */
  Optional<RunEvent.Started> started() {
    return of(RunEvent.Started.class).stream().reduce((first, second) -> second);
  }

  /** The first epoch with the highest primary score; empty if none was measured. */
  Optional<RunEvent.Epoch> best() {
    return scored()
        .reduce(
            (one, other) ->
                other.scores().primary().value() > one.scores().primary().value() ? other : one);
  }

  /** Epochs whose network was measured. */
  Stream<RunEvent.Epoch> scored() {
    return epochs().stream().filter(epoch -> epoch.scores() != null);
  }

  List<RunEvent.Epoch> epochs() {
    return of(RunEvent.Epoch.class);
  }

  List<RunEvent.Steps> steps() {
    return of(RunEvent.Steps.class);
  }

  /** All of a kind, in their order. */
  <E extends RunEvent> List<E> of(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
