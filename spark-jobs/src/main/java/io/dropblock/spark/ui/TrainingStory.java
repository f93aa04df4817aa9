package io.dropblock.spark.ui;

import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.train.event.EventLine;
import io.dropblock.spark.train.event.RunEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.kvstore.KVStore;
import org.apache.spark.util.kvstore.KVStoreIterator;

/**
 * What is told of the run, kept in the store of the application's UI: as it goes, and as the
 * history server reads it from the event log. Of several runs of an application, the last.
 */
final class TrainingStory extends SparkListener {
  private static final List<String> HEAD = List.of("name", "address", "recipe");

  private final KVStore store;
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
        while (lines > 0) {
          store.delete(StoredLine.class, --lines);
        }
        StoredSheet.delete(store);
        write(opened.getName());
        write(opened.getAddress());
        write(opened.getRecipe());
      } else if (event instanceof TrainingEvent told && lines >= HEAD.size()) {
        write(told.getLine());
      } else if (event instanceof TrainingEvaluated told && lines >= HEAD.size()) {
        store.write(StoredSheet.of(told));
      }
    } catch (Exception e) {
      throw new IllegalStateException("Cannot keep what is told of the training", e);
    }
  }

  private void write(String text) throws Exception {
    store.write(new StoredLine(lines++, text));
  }

  /** The lines in a store, the first three its name, address and recipe; empty before a run. */
  static List<String> lines(KVStore store) throws Exception {
    List<String> lines = new ArrayList<>();
    try (KVStoreIterator<StoredLine> all = store.view(StoredLine.class).closeableIterator()) {
      while (all.hasNext()) {
        lines.add(all.next().getText());
      }
    }
    return lines;
  }

  /** The run that a store tells of; empty before its first step is planned. */
  static Optional<ReportedRun> run(KVStore store) throws Exception {
    List<String> lines = lines(store);
    if (lines.size() < HEAD.size()) {
      return Optional.empty();
    }
    List<RunEvent> events =
        lines.stream()
            .skip(HEAD.size())
            .flatMap(line -> EventLine.parse(line.getBytes(StandardCharsets.UTF_8)).stream())
            .flatMap(line -> line.event().stream())
            .toList();
    return events.stream().anyMatch(RunEvent.Started.class::isInstance)
        ? Optional.of(
            ReportedRun.told(lines.get(0), lines.get(1), lines.get(2), events)
                .showing(StoredSheet.read(store)))
        : Optional.empty();
  }
}
