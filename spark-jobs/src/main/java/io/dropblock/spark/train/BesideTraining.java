package io.dropblock.spark.train;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One piece of work at a time beside the training, on a thread of its own. A thread has job labels
 * of its own, too: Spark's properties of jobs are those of the thread that starts them.
 *
 * @param <T> what comes of it
 */
final class BesideTraining<T> {
  /** Null where nothing is at work, or nobody asked how that ended. */
  private volatile FutureTask<T> work;

  /** Whether something was begun that nobody waited for yet. */
  boolean isOpen() {
    return work != null;
  }

  /** Whether nothing goes on; asked by any thread. */
  boolean isAtRest() {
    FutureTask<T> begun = work;
    return begun == null || begun.isDone();
  }

  /**
   * Begins; what was begun before has to be waited for.
   *
   * @throws IllegalStateException if it was not
   */
  void begin(Callable<T> next) {
    if (isOpen()) {
      throw new IllegalStateException("Cannot begin beside the training: there is work already");
    }
    work = new FutureTask<>(next);
    Thread thread = new Thread(work, "epoch-end");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Waits for what was begun, if something was, and throws what ended it.
   *
   * @param otherwise what comes of nothing
   */
  T await(T otherwise) throws IOException {
    if (!isOpen()) {
      return otherwise;
    }
    FutureTask<T> begun = work;
    work = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return begun.get();
        } catch (InterruptedException e) {
          // it goes on, and uses what its caller would close
          interrupted = true;
        } catch (ExecutionException e) {
          BesideTraining.<IOException>throwAsItIs(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Spark throws checked ones without saying so, and its type decides what is to be done. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwAsItIs(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
