package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.experiment.CellEpochs;
import io.dropblock.spark.experiment.Results;
import io.dropblock.spark.experiment.Row;
import io.dropblock.spark.experiment.TimeOfCells;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.recipe.grid.Grid;
import io.dropblock.spark.recipe.grid.GridAxis;
import io.dropblock.spark.report.ProgressLine;
import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.ForeseenException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.api.java.JavaSparkContext;

/** The cells of an experiment, one after the other, and what they come to. */
final class CellRuns {
  private final Grid grid;
  private final List<CellRun> cells;
  private final ExperimentFolder folder;
  private final Set<CellRun> done = new HashSet<>();
  private final Map<CellRun, String> failed = new LinkedHashMap<>();
  private final TimeOfCells time = new TimeOfCells();

  CellRuns(Grid grid, List<CellRun> cells, ExperimentFolder folder) {
    this.grid = grid;
    this.cells = List.copyOf(cells);
    this.folder = folder;
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

  /**
   * Trains what is not done. A cell that fails is told, and the next one begins.
   *
   * @param told gets the progress of each before it begins
   */
  void train(JavaSparkContext spark, Consumer<ProgressLine> told) {
    for (int i = 0; i < cells.size(); i++) {
      CellRun cell = cells.get(i);
      if (done.contains(cell)) {
        continue;
      }
      if (StopSignal.received()) {
        return;
      }
      System.out.printf(
          Locale.ROOT,
          "%nCell %d of %d, %s: %s%n",
          i + 1,
          cells.size(),
          cell.cell().name(),
          rest());
      ProgressLine progress = new ProgressLine(System.out, System.console() != null);
      told.accept(progress);
      int before = begun(cell);
      long begin = System.nanoTime();
      try {
        cell.train(spark, progress);
        done.add(cell);
        time.add(cell.epochs().all().size() - before, (System.nanoTime() - begin) / 1e9);
      } catch (Exception | FSError e) {
        if (StopSignal.received()) {
          return;
        }
        failed.put(cell, Failure.message(e));
        System.err.println("Cell " + cell.cell().name() + " failed: " + failed.get(cell));
        if (spark.sc().isStopped()) {
          System.err.println("Cannot go on with other cells: Spark has ended");
          return;
        }
      }
      write();
    }
  }

  private String rest() {
    long left =
        cells.stream()
            .filter(cell -> !done.contains(cell) && !failed.containsKey(cell))
            .mapToLong(cell -> cell.cell().recipe().train().epochs() - begun(cell))
            .sum();
    return String.format(
        Locale.ROOT,
        "%d done, %d failed, %s left%s",
        done.size(),
        failed.size(),
        Count.of(left, "epoch"),
        time.left(left).map(text -> ", " + text).orElse(""));
  }

  private static int begun(CellRun cell) {
    return cell.isBegun() ? cell.epochs().all().size() : 0;
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
