package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.report.ProgressLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains the cells of an experiment side by side: each lane takes the next one that nobody has
 * taken. Each has a thread of its own, as Spark's properties of jobs are those of a thread.
 */
final class CellLanes {
  private static final String FURTHER = "go on with the same command";

  private final CellRuns cells;
  private final int count;
  private final Map<CellRun, ProgressLine> underWay =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private volatile boolean broken;

  /**
   * @param count of lanes, 1 or more
   */
  CellLanes(CellRuns cells, int count) {
    this.cells = cells;
    this.count = count;
  }

  /** Trains what is not done. A cell that fails is told, and the next one begins. */
  void train(JavaSparkContext spark) {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<Void>> lanes = threads.invokeAll(Collections.nCopies(count, () -> lane(spark)));
      for (Future<Void> lane : lanes) {
        lane.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } finally {
      threads.shutdown();
    }
    if (spark.sc().isStopped() && !StopSignal.received()) {
      System.err.println("Cannot go on with other cells: Spark has ended");
    }
  }

  private Void lane(JavaSparkContext spark) {
    try {
      while (!broken && !StopSignal.received() && !spark.sc().isStopped()) {
        Optional<CellRun> next = cells.next();
        if (next.isEmpty()) {
          return null;
        }
        train(next.get(), spark);
      }
      return null;
    } catch (RuntimeException | Error e) {
      broken = true;
      throw e;
    }
  }

  private void train(CellRun cell, JavaSparkContext spark) {
    ProgressLine progress =
        count == 1
            ? new ProgressLine(System.out, System.console() != null)
            : ProgressLine.named(System.out, cell.cell().name());
    underWay.put(cell, progress);
    int before = cell.epochsDone();
    long begin = System.nanoTime();
    try {
      cell.train(spark, progress);
      cells.succeed(cell, cell.epochsDone() - before, (System.nanoTime() - begin) / 1e9);
    } catch (Exception | FSError e) {
      if (StopSignal.received()) {
        return;
      }
      cells.fail(cell, Failure.message(e));
    } catch (Error e) {
      // it ends the command, but not before the other lanes have ended
      cells.fail(cell, e.toString());
      throw e;
    }
    underWay.remove(cell);
  }

  /** Says how far they have come as the command is being ended. May be called by any thread. */
  String stop() {
    List<ProgressLine> lines;
    synchronized (underWay) {
      lines = new ArrayList<>(underWay.values());
    }
    return lines.isEmpty()
        ? "Stopped while no cell trained; " + FURTHER
        : lines.stream().map(it -> it.stop(FURTHER)).collect(Collectors.joining("\n"));
  }
}
