package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.DataException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;

/**
 * The batches of one rank in one epoch, in order, made ahead of need on daemon threads. One thread
 * takes batches; any thread may close.
 */
public final class Feed implements Iterator<Batch>, AutoCloseable {
  private static final AtomicInteger FEEDS = new AtomicInteger();
  private static final long CLOSE_MILLIS = 450;

  private final BatchBuilder builder;
  private final ExecutorService threads;
  private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
  private final int batches;
  private int nextBatch;
  private int nextSubmitted;
  private RuntimeException failure;
  private volatile boolean closed;
  private volatile long starvedSteps;
  private volatile long nanosWaited;

  private Feed(
      FeedSource source, EpochOrder order, FeedSettings settings, Configuration configuration) {
    this.builder = new BatchBuilder(source, order, settings, configuration);
    this.threads = Executors.newFixedThreadPool(settings.threads(), threadNames());
    this.batches = Math.min(order.steps(), settings.untilStep()) * order.batchesPerStep();
    this.nextBatch = settings.fromStep() * order.batchesPerStep();
    this.nextSubmitted = nextBatch;
    for (int i = 0; i < settings.prefetch(); i++) {
      submitNext();
    }
  }

  /**
   * Opens a feed and starts to make batches.
   *
   * @param order of the rank and epoch, made from {@link FeedSource#blockSizes}
   * @param configuration of this process, to open file systems with
   * @throws IllegalArgumentException where the order was made for other data, or the start lies
   *     behind its end
   */
  public static Feed open(
      FeedSource source, EpochOrder order, FeedSettings settings, Configuration configuration) {
    if (!order.blockSizes().equals(source.blockSizes())) {
      throw new IllegalArgumentException(
          "Invalid order: it was made for other blocks than " + source.dataset());
    }
    if (settings.fromStep() > order.steps()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid start: step %d of %d", settings.fromStep(), order.steps()));
    }
    return new Feed(source, order, settings, configuration);
  }

  @Override
  public boolean hasNext() {
    return nextBatch < batches;
  }

  /**
   * The next batch; waits for it where it is not ready.
   *
   * @throws DataException where a record of this batch cannot be read, naming it; the feed is then
   *     closed, and further calls throw the same
   * @throws IllegalStateException where the feed is closed, also by another thread while this one
   *     waits
   * @throws NoSuchElementException where no batch is left
   */
  @Override
  public Batch next() {
    if (failure != null) {
      throw failure;
    }
    if (!hasNext()) {
      throw new NoSuchElementException("Cannot take another batch: all " + batches + " are done");
    }
    if (closed) {
      throw new IllegalStateException("Cannot take a batch: the feed is closed");
    }
    try {
      Batch batch = await(ahead.remove());
      nextBatch++;
      submitNext();
      return batch;
    } catch (CancellationException | RejectedExecutionException e) {
      throw new IllegalStateException("Cannot take a batch: the feed is closed", e);
    } catch (DataException e) {
      failure = e;
      close();
      throw e;
    }
  }

  /**
   * Gives a batch of a feed back whose pixels and targets nobody reads any more: a later batch,
   * maybe another feed's, will be written over them. New memory costs time to get and to clear.
   * Nobody has to, but only once.
   */
  public void giveBack(Batch batch) {
    FeedMemory.SHARED.giveBack(batch.pixels());
    batch.targets().encoded().forEach(FeedMemory.SHARED::giveBack);
  }

  /** How often {@code next} had to wait, the first call of a feed usually among them. */
  public long starvedSteps() {
    return starvedSteps;
  }

  /** Seconds that {@code next} has waited in all. */
  public double secondsWaited() {
    return nanosWaited / 1e9;
  }

  /**
   * Stops the threads, within a second unless the file system ignores interruption. May be called
   * again.
   */
  @Override
  public void close() {
    closed = true;
    builder.cancel();
    threads.shutdown();
    try {
      // Interruption comes second, as it can break a connection that a file system shares with
      // others.
      if (!threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        cancelQueued();
        threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      cancelQueued();
      Thread.currentThread().interrupt();
    }
  }

  private void cancelQueued() {
    for (Runnable queued : threads.shutdownNow()) {
      // Wakes a consumer that waits for a batch nobody will make.
      ((FutureTask<?>) queued).cancel(false);
    }
  }

  private void submitNext() {
    if (nextSubmitted < batches) {
      int index = nextSubmitted++;
      ahead.add(threads.submit(() -> builder.build(index)));
    }
  }

  private Batch await(Future<Batch> head) {
    boolean starved = !head.isDone();
    long start = System.nanoTime();
    try {
      return head.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw unwrap(e.getCause());
    } finally {
      if (starved) {
        starvedSteps = starvedSteps + 1;
        nanosWaited = nanosWaited + System.nanoTime() - start;
      }
    }
  }

  private static RuntimeException unwrap(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof CancellationException cancelled) {
      return cancelled;
    }
    // A new one, so that the trace shows who asked as well as where it broke.
    String message =
        cause instanceof DataException ? cause.getMessage() : "Cannot make a batch: " + cause;
    return new DataException(message, cause);
  }

  private static ThreadFactory threadNames() {
    int feed = FEEDS.incrementAndGet();
    AtomicInteger thread = new AtomicInteger();
    return work -> {
      Thread daemon =
          new Thread(
              work, String.format(Locale.ROOT, "feed-%d-%d", feed, thread.incrementAndGet()));
      daemon.setDaemon(true);
      return daemon;
    };
  }
}
