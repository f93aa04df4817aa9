package io.dropblock.spark.ui;

import io.dropblock.spark.report.evaluated.EmbeddedPicture;
import io.dropblock.spark.report.evaluated.Evaluated;
import io.dropblock.spark.train.event.EventLine;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.event.Thinned;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Tells Spark's listeners, and by them the tab and the event log, what happens in a run: of a long
 * one's steps, and of many ranks, so much that the history server loads it in seconds.
 */
public final class RunWatch implements Consumer<RunEvent>, AutoCloseable {
  private static final int MOST_RANKS = 32;

  private final Consumer<SparkListenerEvent> bus;
  private final String run;
  private final Thinned thinned = new Thinned(this::post);

  /**
   * @param run address of its folder
   */
  RunWatch(Consumer<SparkListenerEvent> bus, String run) {
    this.bus = bus;
    this.run = run;
  }

  /**
   * Opens a run.
   *
   * @param opened the run
   * @param before what happened in it in other applications
   */
  public static RunWatch open(SparkContext spark, TrainingOpened opened, List<RunEvent> before) {
    RunWatch watch = new RunWatch(event -> spark.listenerBus().post(event), opened.getAddress());
    watch.bus.accept(opened);
    before.forEach(watch);
    return watch;
  }

  /** Tells of the picture of an evaluation. */
  public void show(Evaluated evaluated) {
    for (EmbeddedPicture picture : evaluated.pictures()) {
      bus.accept(new TrainingEvaluated(run, evaluated.epochs(), picture.alt(), picture.base64()));
    }
  }

  @Override
  public void accept(RunEvent event) {
    thinned.accept(event instanceof RunEvent.Epoch epoch ? epoch.ofSlowest(MOST_RANKS) : event);
  }

  private void post(RunEvent event) {
    bus.accept(new TrainingEvent(run, EventLine.of(event, Instant.now()).text()));
  }

  /** The run has ended in this application. */
  @Override
  public void close() {
    bus.accept(new TrainingClosed(run));
  }
}
