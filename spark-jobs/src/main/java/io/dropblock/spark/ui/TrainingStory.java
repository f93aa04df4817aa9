package io.dropblock.spark.ui;

import io.dropblock.spark.report.evaluated.Evaluated;
import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.train.event.EventLine;
import io.dropblock.spark.train.event.RunEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.kvstore.KVStore;
import org.apache.spark.util.kvstore.KVStoreIterator;

/**
 * What is told of runs, kept in the store of the application's UI: as they go, and as the history
 * server reads it from the event log. Of all runs of an application those that go on, and those
 * that ended last.
 */
final class TrainingStory extends SparkListener {
  private static final int HEAD = List.of("name", "address", "recipe").size();

  private final KVStore store;
  private final Set<String> open = new LinkedHashSet<>();
  private final Set<String> closed = new LinkedHashSet<>();
  private String last;
  private long lines;

  /**
   * @param store of the UI
   */
  TrainingStory(KVStore store) {
    this.store = store;
  }

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    try {
      if (event instanceof TrainingOpened opened) {
        open(opened);
      } else if (event instanceof TrainingEvent told) {
        String run = of(told.getRun());
        if (open.contains(run)) {
          write(run, told.getLine());
        }
      } else if (event instanceof TrainingEvaluated told) {
        String run = of(told.getRun());
        if (open.contains(run)) {
          store.write(StoredSheet.of(run, told));
        }
      } else if (event instanceof TrainingClosed told && open.remove(told.getRun())) {
        closed.add(told.getRun());
      }
    } catch (Exception e) {
      throw new IllegalStateException("Cannot keep what is told of the training", e);
    }
  }

  private void open(TrainingOpened opened) throws Exception {
    String run = opened.getAddress();
    if (!opened.isBeside()) {
      closed.addAll(open);
      open.clear();
    }
    closed.add(run);
    for (String other : closed) {
      store.removeAllByIndexValues(StoredLine.class, StoredLine.RUN, List.of(other));
      StoredSheet.delete(store, other);
    }
    closed.clear();
    open.add(run);
    last = run;
    write(run, opened.getName());
    write(run, run);
    write(run, opened.getRecipe());
  }

  /** Older versions told of one run at a time, and did not name it. */
  private String of(String run) {
    return run == null ? last : run;
  }

  private void write(String run, String text) throws Exception {
    store.write(new StoredLine(lines++, run, text));
  }

  /**
   * The lines of each run in a store, by its address; the first three are its name, address and
   * recipe.
   */
  static Map<String, List<String>> lines(KVStore store) throws Exception {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    try (KVStoreIterator<StoredLine> all = store.view(StoredLine.class).closeableIterator()) {
      while (all.hasNext()) {
        StoredLine line = all.next();
        lines.computeIfAbsent(line.getRun(), run -> new ArrayList<>()).add(line.getText());
      }
    }
    return lines;
  }

  /** The runs that a store tells of whose first step is planned, in the order of their begin. */
  static List<ReportedRun> runs(KVStore store) throws Exception {
    List<ReportedRun> runs = new ArrayList<>();
    for (Map.Entry<String, List<String>> told : lines(store).entrySet()) {
      run(told.getValue(), StoredSheet.read(store, told.getKey())).ifPresent(runs::add);
    }
    return runs;
  }

  private static Optional<ReportedRun> run(List<String> lines, Optional<Evaluated> sheet) {
    if (lines.size() < HEAD) {
      return Optional.empty();
    }
    List<RunEvent> events =
        lines.stream()
            .skip(HEAD)
            .flatMap(line -> EventLine.parse(line.getBytes(StandardCharsets.UTF_8)).stream())
            .flatMap(line -> line.event().stream())
            .toList();
    return events.stream().anyMatch(RunEvent.Started.class::isInstance)
        ? Optional.of(
            ReportedRun.told(lines.get(0), lines.get(1), lines.get(2), events).showing(sheet))
        : Optional.empty();
  }
}
