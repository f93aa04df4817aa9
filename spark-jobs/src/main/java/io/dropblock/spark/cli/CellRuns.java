package io.dropblock.spark.cli;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.experiment.CellEpochs;
import io.dropblock.spark.experiment.Results;
import io.dropblock.spark.experiment.Row;
import io.dropblock.spark.experiment.TimeOfCells;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.recipe.grid.Grid;
import io.dropblock.spark.recipe.grid.GridAxis;
import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.ForeseenException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FSError;

/** The cells of an experiment, which of them are done, and what they come to. */
final class CellRuns {
  private final Grid grid;
  private final List<CellRun> cells;
  private final ExperimentFolder folder;
  private final int atOnce;
  private final Set<CellRun> taken = new HashSet<>();
  private final Set<CellRun> done = new HashSet<>();
  private final Map<CellRun, String> failed = new LinkedHashMap<>();
  private final TimeOfCells time = new TimeOfCells();

  /**
   * @param atOnce how many are trained side by side
   */
  CellRuns(Grid grid, List<CellRun> cells, ExperimentFolder folder, int atOnce) {
    this.grid = grid;
    this.cells = List.copyOf(cells);
    this.folder = folder;
    this.atOnce = atOnce;
  }

  /**
   * Checks all cells before the first one starts, and looks which are done.
   *
   * @throws io.dropblock.spark.train.failure.TrainingException at the first that cannot be trained
   */
  void check() {
    for (CellRun cell : cells) {
      cell.check();
      if (cell.isDone()) {
        done.add(cell);
      }
      if (cell.isBegun()) {
        CellEpochs epochs = cell.epochs();
        time.add(epochs.all().size(), epochs.seconds());
      }
    }
  }

  /** What there is to do, in a line for each cell. */
  void printPlan() {
    for (CellRun cell : cells) {
      String state = done.contains(cell) ? "done" : cell.isBegun() ? "begun" : "new";
      System.out.printf(Locale.ROOT, "%-5s  %s%n", state, cell.cell().name());
    }
  }

  boolean isDone() {
    return done.size() == cells.size();
  }

  /** Takes the next one that is not done and that nobody took before, and says so. */
  synchronized Optional<CellRun> next() {
    Optional<CellRun> next =
        cells.stream().filter(cell -> !done.contains(cell) && !taken.contains(cell)).findFirst();
    next.ifPresent(
        cell -> {
          taken.add(cell);
          System.out.printf(
              Locale.ROOT,
              "%nCell %d of %d, %s: %s%n",
              cells.indexOf(cell) + 1,
              cells.size(),
              cell.cell().name(),
              rest());
        });
    return next;
  }

  /**
   * One is done.
   *
   * @param epochs that were trained
   * @param seconds that they took
   */
  synchronized void succeed(CellRun cell, int epochs, double seconds) {
    done.add(cell);
    time.add(epochs, seconds);
    write();
  }

  /** One has failed. */
  synchronized void fail(CellRun cell, String why) {
    failed.put(cell, why);
    System.err.println("Cell " + cell.cell().name() + " failed: " + why);
    write();
  }

  private String rest() {
    List<CellRun> ahead =
        cells.stream().filter(cell -> !done.contains(cell) && !failed.containsKey(cell)).toList();
    long left =
        ahead.stream()
            .mapToLong(cell -> cell.cell().recipe().train().epochs() - cell.epochsDone())
            .sum();
    return String.format(
        Locale.ROOT,
        "%d done, %d failed, %s left%s",
        done.size(),
        failed.size(),
        Count.of(left, "epoch"),
        time.left(left, Math.min(atOnce, ahead.size())).map(text -> ", " + text).orElse(""));
  }

  private Results results() {
    return new Results(
        new Results.Headings(grid.title(), grid.axis().map(GridAxis::name), grid.baseline()),
        grid.rows().stream().map(row -> new Row(row.name(), row.title())).toList(),
        cells.stream().map(CellRun::place).toList(),
        cells.stream().filter(done::contains).flatMap(cell -> cell.outcome().stream()).toList());
  }

  /** Results that cannot be written end no experiment: the runs have them. */
  private Results write() {
    Results results = results();
    try {
      folder.write(results);
    } catch (IOException | RuntimeException | FSError | LinkageError | InternalError e) {
      // the last two on a machine without fonts
      System.err.println(
          "Cannot write results to "
              + folder.path()
              + ": "
              + DataException.reason(WholeFile.plain(e)));
    }
    return results;
  }

  /** Prints the table, what failed, and where everything is. */
  void printEnd() {
    System.out.printf(Locale.ROOT, "%n%s%n", grid.title());
    System.out.print(write().table());
    System.out.println();
    failed.forEach((cell, why) -> System.out.println("Failed: " + cell.cell().name() + ": " + why));
    System.out.printf(
        Locale.ROOT,
        "%d of %s done in %s%s%n",
        done.size(),
        Count.of(cells.size(), "cell"),
        folder.path(),
        isDone() ? "" : "; the same command goes on with the others");
    printReport();
  }

  private void printReport() {
    List<ReportedRun> runs =
        cells.stream().filter(done::contains).flatMap(cell -> cell.reported().stream()).toList();
    if (!runs.isEmpty()) {
      try {
        System.out.println("Report: " + folder.report(runs));
      } catch (RuntimeException e) {
        System.err.println(e instanceof ForeseenException ? e.getMessage() : "Cannot report: " + e);
      }
    }
  }
}
