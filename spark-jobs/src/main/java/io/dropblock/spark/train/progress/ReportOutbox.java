package io.dropblock.spark.train.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reports of an executor's ranks that have not been sent yet. They are sent from time to time,
 * in slices, on a thread of its own; what finds no room is dropped. Nothing here throws.
 */
public final class ReportOutbox implements AutoCloseable {
  static final int ROOM = 4096;
  static final int SLICE = 256;
  private static final Logger LOG = LoggerFactory.getLogger(ReportOutbox.class);

  private static volatile ReportOutbox current;

  private final BlockingQueue<StepReport> reports = new ArrayBlockingQueue<>(ROOM);
  private final Sender sender;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(ReportOutbox::daemon);
  private long unsent;

  /** Sends a message to the driver. */
  interface Sender {
    void send(Object message) throws Exception;
  }

  private ReportOutbox(Sender sender) {
    this.sender = sender;
  }

  /** The one of this process from now on. */
  static ReportOutbox open(Sender sender, Duration interval) {
    ReportOutbox outbox = new ReportOutbox(sender);
    long nanos = interval.toNanos();
    outbox.clock.scheduleWithFixedDelay(outbox::flush, nanos, nanos, TimeUnit.NANOSECONDS);
    current = outbox;
    return outbox;
  }

  /** Empty in an executor without {@link TrainingPlugin}. */
  public static Optional<ReportOutbox> ofThisProcess() {
    return Optional.ofNullable(current);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "step-reports");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes a report to send.
   *
   * @return false if it was dropped
   */
  public boolean tell(StepReport report) {
    return reports.offer(report);
  }

  /** Sends something else that happened, at once. */
  public synchronized void tell(RankEvent event) {
    send(event, 1);
  }

  /** Sends what is there. */
  public synchronized void flush() {
    for (int slice = 0; slice < ROOM / SLICE; slice++) {
      List<StepReport> next = new ArrayList<>(SLICE);
      if (reports.drainTo(next, SLICE) == 0) {
        return;
      }
      send(new ReportSlice(next), next.size());
    }
  }

  private void send(Object message, int reports) {
    try {
      sender.send(message);
    } catch (Exception e) {
      if (unsent == 0) {
        LOG.warn("Cannot send reports of steps to the driver: {}", e.toString());
      }
      unsent += reports;
    }
  }

  @Override
  public synchronized void close() {
    clock.shutdownNow();
    if (unsent > 0) {
      LOG.warn("{} reports of steps were not sent to the driver", unsent);
    }
    if (current == this) {
      current = null;
    }
  }
}
