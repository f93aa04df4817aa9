package io.dropblock.op;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that share the parts of one piece of work: the caller, and daemons that
 * end when they have been idle for a while.
 *
 * <p>After a piece of work a daemon stays awake for a moment, as the product of a mask follows its
 * sampling: to wake a sleeping thread takes as long as to multiply a few megabytes. While awake it
 * lets others run, OpenMP's threads among them.
 */
final class Workers {
  /** Parts for each thread, so that one that is held up does not hold up the rest. */
  private static final int PARTS_PER_THREAD = 4;

  private static final int IDLE_SECONDS = 10;
  private static final long AWAKE_NANOS = 100_000;
  private static final int SPINS = 50;

  private final int threads;
  private final ThreadPoolExecutor others;

  /** Daemons that wait for the next work without sleeping, or are at work. */
  private final AtomicInteger awake = new AtomicInteger();

  /** The work at hand; null once it is done. */
  private final AtomicReference<Shared> offered = new AtomicReference<>();

  /**
   * @param threads threads to use, the caller's included
   * @throws IllegalArgumentException if it is below 1
   */
  Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid number of threads: " + threads);
    }
    this.threads = threads;
    others = threads == 1 ? null : pool(threads - 1);
  }

  private static ThreadPoolExecutor pool(int size) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "dropblock-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Into how many parts a piece of work is cut. */
  int parts() {
    return threads == 1 ? 1 : threads * PARTS_PER_THREAD;
  }

  /**
   * Runs all parts, and returns when all have ended.
   *
   * @param parts number of parts; a single one runs on the caller alone
   * @param part what to do for part 0 to {@code parts - 1}
   */
  void run(int parts, IntConsumer part) {
    if (others == null || parts == 1) {
      for (int index = 0; index < parts; index++) {
        part.accept(index);
      }
      return;
    }
    Shared work = new Shared(parts, part);
    offered.set(work);
    for (int helper = 1 + awake.get(); helper < Math.min(threads, parts); helper++) {
      others.execute(this::help);
    }
    work.run();
    work.await();
    offered.compareAndSet(work, null);
  }

  /** Helps with one work after the other, until none has come for a moment. */
  private void help() {
    awake.incrementAndGet();
    Shared work;
    do {
      work = offered.get();
      if (work != null) {
        work.run();
      }
    } while (isReplaced(work));
    awake.decrementAndGet();
  }

  /** Waits until something else is offered; false if that takes too long. */
  private boolean isReplaced(Shared work) {
    long end = System.nanoTime() + AWAKE_NANOS;
    while (System.nanoTime() < end) {
      for (int spin = 0; spin < SPINS; spin++) {
        if (offered.get() != work) {
          return true;
        }
        Thread.onSpinWait();
      }
      Thread.yield();
    }
    return false;
  }

  /** One piece of work. A thread that comes late finds no part left, and nobody waits for it. */
  private static final class Shared implements Runnable {
    private final int parts;
    private final IntConsumer part;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Shared(int parts, IntConsumer part) {
      this.parts = parts;
      this.part = part;
      open = new CountDownLatch(parts);
    }

    @Override
    public void run() {
      for (int index = next.getAndIncrement(); index < parts; index = next.getAndIncrement()) {
        try {
          part.accept(index);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          open.countDown();
        }
      }
    }

    void await() {
      for (int spin = 0; spin < SPINS && open.getCount() > 0; spin++) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      while (open.getCount() > 0) {
        try {
          open.await();
        } catch (InterruptedException e) {
          // the others still write to the caller's array: wait for them, then tell
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure.get() != null) {
        throw new IllegalStateException("Cannot finish the work of all threads", failure.get());
      }
    }
  }
}
