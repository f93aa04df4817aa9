package io.dropblock.spark.train.step;

import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.ReportInbox;
import io.dropblock.spark.train.progress.StepReport;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the steps that all ranks have done while their tasks still run, from time to time and on
 * a thread of its own. Whatever goes wrong here ends nothing.
 */
final class StepProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepProgress.class);
  private static final Duration LAST_REPORTS = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(50);

  private final ReportInbox inbox;
  private final ReportedSteps steps;
  private final Consumer<RunEvent> events;
  private final Thread thread;
  private volatile long end = Long.MAX_VALUE;
  private volatile boolean closed;
  private long told;

  /**
   * Begins to listen.
   *
   * @param inbox where reports arrive; closed with this
   * @param steps what is made of them
   * @param events told on a thread of its own
   */
  StepProgress(ReportInbox inbox, ReportedSteps steps, Consumer<RunEvent> events) {
    this.inbox = inbox;
    this.steps = steps;
    this.events = events;
    this.told = System.nanoTime() - inbox.interval().toNanos();
    this.thread = new Thread(this::listen, "step-progress");
    thread.setDaemon(true);
    thread.start();
  }

  /** All steps are done: waits a moment for the last reports, and tells of them. */
  void end() {
    end = System.nanoTime() + LAST_REPORTS.toNanos();
    join();
  }

  private void listen() {
    while (!closed && !steps.areComplete() && System.nanoTime() < end) {
      try {
        StepReport report = inbox.take(LONGEST_LOOK);
        if (report != null) {
          steps.add(report);
        }
        tellEvents();
        if (System.nanoTime() - told >= inbox.interval().toNanos()) {
          tell();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
    tellEvents();
    tell();
  }

  private void tellEvents() {
    for (RunEvent event = inbox.event(); event != null && !closed; event = inbox.event()) {
      tell(event);
    }
  }

  private void tell() {
    if (!closed) {
      steps
          .take()
          .ifPresent(
              slice -> {
                told = System.nanoTime();
                tell(slice);
              });
    }
  }

  private void tell(RunEvent event) {
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      LOG.warn("Cannot tell of {}: {}", event, e.toString());
    }
  }

  /** Tells nothing more. */
  @Override
  public void close() {
    closed = true;
    inbox.close();
    join();
    if (inbox.dropped() > 0) {
      LOG.warn("{} reports of steps came faster than they were taken", inbox.dropped());
    }
  }

  /** Without an interruption, which would break what the thread writes. */
  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
