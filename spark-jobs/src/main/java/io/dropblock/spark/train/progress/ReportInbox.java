package io.dropblock.spark.train.progress;

import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Where the reports of one training's ranks arrive on the driver. What comes faster than it is
 * taken finds no room in the end, and is dropped; what comes for an inbox that is closed, too.
 */
public final class ReportInbox implements AutoCloseable {
  static final int ROOM = 1 << 16;
  private static final int ROOM_FOR_EVENTS = 1 << 10;
  private static final Map<String, ReportInbox> OPEN = new ConcurrentHashMap<>();

  private static volatile boolean stopping;

  private final String job = UUID.randomUUID().toString();
  private final BlockingQueue<StepReport> reports = new ArrayBlockingQueue<>(ROOM);
  private final BlockingQueue<RunEvent> told = new ArrayBlockingQueue<>(ROOM_FOR_EVENTS);
  private final AtomicLong dropped = new AtomicLong();
  private final Duration interval;
  private volatile BooleanSupplier stop = () -> false;

  private ReportInbox(Duration interval) {
    this.interval = interval;
  }

  /** A new one; empty where the application has no {@link TrainingPlugin}. */
  public static Optional<ReportInbox> open() {
    Optional<ReportInbox> opened = ReportDesk.interval().map(ReportInbox::new);
    opened.ifPresent(inbox -> OPEN.put(inbox.job, inbox));
    return opened;
  }

  static void deliver(ReportSlice slice) {
    for (StepReport report : slice.reports()) {
      ReportInbox inbox = OPEN.get(report.by().job());
      if (inbox != null && !inbox.reports.offer(report)) {
        inbox.dropped.incrementAndGet();
      }
    }
  }

  static void deliver(RankEvent event) {
    ReportInbox inbox = OPEN.get(event.job());
    if (inbox != null && !inbox.told.offer(event.event())) {
      inbox.dropped.incrementAndGet();
    }
  }

  static StopQuestion.Answer answer(StopQuestion question) {
    ReportInbox inbox = OPEN.get(question.job());
    if (inbox == null) {
      return StopQuestion.Answer.OVER;
    }
    return stopping || inbox.stop.getAsBoolean()
        ? StopQuestion.Answer.STOP
        : StopQuestion.Answer.GO_ON;
  }

  /** From now on all ranks are to end behind the step that they are at: this process ends. */
  public static void stopAll() {
    stopping = true;
  }

  /** Whether {@link #stopAll} was called. */
  public static boolean isStopping() {
    return stopping;
  }

  /**
   * Lets the ranks of this training end behind the step that they are at.
   *
   * @param when asked once a second by each executor, on several threads
   */
  public void stopWhen(BooleanSupplier when) {
    stop = when;
  }

  /** What ranks have to name, in {@link RankAttempt}, so that their reports arrive here. */
  public String job() {
    return job;
  }

  /** How often executors send. */
  public Duration interval() {
    return interval;
  }

  /** The next report, waiting for one as long as is said; null if there is none then. */
  public StepReport take(Duration patience) throws InterruptedException {
    return reports.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The next of other events; null if there is none now. */
  public RunEvent event() {
    return told.poll();
  }

  /** How many reports found no room here. */
  public long dropped() {
    return dropped.get();
  }

  @Override
  public void close() {
    OPEN.remove(job);
  }
}
