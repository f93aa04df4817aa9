package io.dropblock.spark.cli;

import io.dropblock.spark.report.evaluated.Evaluated;
import io.dropblock.spark.tensorboard.ShowLayers;
import io.dropblock.spark.tensorboard.TensorBoardLog;
import io.dropblock.spark.text.LongLines;
import io.dropblock.spark.train.EpochHook;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.event.Thinned;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.progress.TrainingPlugin;
import io.dropblock.spark.ui.RunWatch;
import io.dropblock.spark.ui.TrainingOpened;
import io.dropblock.spark.ui.TrainingTab;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that watch a run: the terminal, the tab of the Spark UI with its event log, TensorBoard's
 * files, and Spark's metrics. None of them can end it.
 */
final class RunWatchers implements Consumer<RunEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunWatchers.class);

  private final Consumer<RunEvent> terminal;
  private final RunWatch watch;
  private final TensorBoardLog tensorBoard;
  private final List<Consumer<RunEvent>> quiet = new ArrayList<>();

  /**
   * @param folder of the run, which holds its recipe
   * @param terminal what a person sees
   * @param beside whether other runs train in the application at the same time: Spark's metrics,
   *     which have one place for each number, are told of none then
   */
  RunWatchers(SparkContext spark, RunFolder folder, Consumer<RunEvent> terminal, boolean beside) {
    this.terminal = terminal;
    TrainingTab.attach(spark);
    watch =
        RunWatch.open(
            spark,
            new TrainingOpened(
                folder.path().getName(), folder.path().toString(), recipe(folder), beside),
            former(folder));
    quiet.add(watch);
    tensorBoard =
        new TensorBoardLog(
            folder.files(),
            folder.path(),
            spark.conf().get("spark.driver.host", "driver"),
            Clock.systemUTC());
    quiet.add(new Thinned(tensorBoard));
    if (!beside) {
      TrainingPlugin.gauges().ifPresent(quiet::add);
    }
  }

  private static String recipe(RunFolder folder) {
    try {
      return LongLines.cut(folder.readRecipe());
    } catch (TrainingException e) {
      LOG.warn("Cannot show the recipe: {}", e.getMessage());
      return "";
    }
  }

  private static List<RunEvent> former(RunFolder folder) {
    try {
      return EventLog.read(folder.files(), folder.events());
    } catch (IOException e) {
      LOG.warn("Cannot show what was before: {}", e.getMessage());
      return List.of();
    }
  }

  @Override
  public void accept(RunEvent event) {
    terminal.accept(event);
    for (Consumer<RunEvent> watcher : quiet) {
      try {
        watcher.accept(event);
      } catch (RuntimeException e) {
        LOG.warn("Cannot tell what happens in the run", e);
      }
    }
  }

  /** Shows the numbers of layers to TensorBoard. */
  EpochHook histograms() {
    return new ShowLayers(tensorBoard);
  }

  /** Shows images of an evaluation in the tab. */
  void show(Evaluated evaluated) {
    watch.show(evaluated);
  }

  @Override
  public void close() {
    watch.close();
    tensorBoard.close();
  }
}
