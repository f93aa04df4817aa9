package io.dropblock.spark.train.checkpoint;

import io.dropblock.nn.StateBytes;
import io.dropblock.nn.StateCopy;
import io.dropblock.spark.cluster.StopSignal;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The turn to write a checkpoint beside the training: a process writes one at a time, on a daemon
 * thread of its own, and who comes next waits. A thread that writes belongs to the process and not
 * to the task that began it. A process that is told to end gives it some seconds; what is not done
 * by then is given up, and deleted.
 */
public final class WriteTurn implements AutoCloseable {
  private static final Semaphore FREE = new Semaphore(1, true);
  private static final Duration LAST_CHANCE = Duration.ofSeconds(10);
  private static final Duration CLEANING = Duration.ofSeconds(3);

  /** Kept for the next one. */
  private static final StateCopy COPY = new StateCopy();

  private boolean begun;

  private WriteTurn() {}

  /** Waits until the one before is done. */
  public static WriteTurn await() {
    FREE.acquireUninterruptibly();
    return new WriteTurn();
  }

  /** The same; empty if it takes longer, or somebody interrupts. */
  public static Optional<WriteTurn> await(Duration patience) {
    try {
      return FREE.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)
          ? Optional.of(new WriteTurn())
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Waits until nothing is written. */
  public static void awaitEnd() {
    await().close();
  }

  /** Copies what a network is now; valid until what is begun next is done. */
  public StateBytes copy(ComputationGraph network) {
    COPY.take(network);
    return COPY;
  }

  /** Begins to write. The turn is over when that is done, however it ends. */
  public <T> Future<T> begin(Callable<T> write) {
    Write<T> task = new Write<>(write);
    task.thread.start();
    begun = true;
    return task;
  }

  /** Leaves the turn to the next, where nothing was begun. */
  @Override
  public void close() {
    if (!begun) {
      FREE.release();
    }
  }

  /**
   * Called between the pieces of a write.
   *
   * @throws InterruptedIOException on the thread of one that is given up
   */
  static void requireGoing() throws InterruptedIOException {
    if (Thread.currentThread() instanceof WriterThread writer && writer.givenUp) {
      throw new InterruptedIOException("the process ends");
    }
  }

  private static final class WriterThread extends Thread {
    private volatile boolean givenUp;

    WriterThread(Runnable write) {
      super(write, "checkpoint");
      setDaemon(true);
    }

    /** File systems swallow interruptions. */
    @Override
    public void interrupt() {
      givenUp = true;
      super.interrupt();
    }
  }

  private static final class Write<T> extends FutureTask<T> {
    private final Thread thread;
    private final StopSignal signal;

    Write(Callable<T> write) {
      super(() -> call(write));
      thread = new WriterThread(this);
      signal = StopSignal.then(this::end);
    }

    private static <T> T call(Callable<T> write) throws Exception {
      if (StopSignal.received()) {
        throw new InterruptedIOException("the process ends");
      }
      return write.call();
    }

    private void end() {
      try {
        thread.join(LAST_CHANCE.toMillis());
        thread.interrupt();
        thread.join(CLEANING.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    protected void done() {
      signal.close();
      FREE.release();
    }
  }
}
