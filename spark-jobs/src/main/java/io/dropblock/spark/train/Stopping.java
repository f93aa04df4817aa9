package io.dropblock.spark.train;

import io.dropblock.spark.cluster.RunJobs;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.ReportInbox;
import io.dropblock.spark.train.progress.TrainingPlugin;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The end of a run that is told to end, by SIGINT or SIGTERM, while it trains: ranks finish their
 * step, and the thread that trains keeps what they made. The process waits for that, ten seconds at
 * most.
 */
final class Stopping implements AutoCloseable {
  private static final long POLL_MILLIS = 100;
  private static final Duration LAST_CHANCE = Duration.ofSeconds(10);

  private static final RunEvent TOLD =
      new RunEvent.Note("Told to end: finishing this step, and writing a checkpoint");

  private static final RunEvent LATE =
      new RunEvent.Note(
          "Not done in "
              + LAST_CHANCE.toSeconds()
              + " s: the run goes on from the checkpoint before, and does the steps since again");

  private final RunJobs jobs;
  private final Consumer<RunEvent> watcher;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final StopSignal signal = StopSignal.first(this::stop);
  private volatile Work work = Work.NONE;

  private enum Work {
    NONE,
    STEPS,
    OPEN_EPOCH,
    END_OF_EPOCH
  }

  /**
   * @param jobs those of the run
   * @param watcher told when it begins
   */
  Stopping(RunJobs jobs, Consumer<RunEvent> watcher) {
    this.jobs = jobs;
    this.watcher = watcher;
  }

  /** Nothing that could be lost is under way. */
  void nothing() {
    work = Work.NONE;
  }

  /** Ranks train from now on. */
  void steps() {
    work = Work.STEPS;
  }

  /** An epoch that is measured beside the next one is waited for. */
  void openEpoch() {
    work = Work.OPEN_EPOCH;
  }

  /** The steps of an epoch are done, and it is measured. */
  void endOfEpoch() {
    work = Work.END_OF_EPOCH;
  }

  private void stop() {
    ReportInbox.stopAll();
    if (work == Work.NONE || !TrainingPlugin.isOn()) {
      return;
    }
    watcher.accept(TOLD);
    long end = System.nanoTime() + LAST_CHANCE.toNanos();
    try {
      while (!ended.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        long left = end - System.nanoTime();
        if (work == Work.END_OF_EPOCH
            || work == Work.OPEN_EPOCH && left < LAST_CHANCE.toNanos() / 2) {
          // it may have begun others meanwhile
          jobs.cancel();
        }
        if (left < 0) {
          watcher.accept(LATE);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread that trains has kept what there was. */
  @Override
  public void close() {
    ended.countDown();
    signal.close();
  }
}
