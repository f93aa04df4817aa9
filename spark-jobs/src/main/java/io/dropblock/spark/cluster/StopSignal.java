package io.dropblock.spark.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * What is done when this process is told to end, by SIGINT or SIGTERM, before Spark stops and
 * Hadoop closes its file systems; until it is closed.
 */
public final class StopSignal implements AutoCloseable {
  /** Spark's are 30 above the file systems'; the higher one runs first. */
  private static final int BEFORE_SPARK = FileSystem.SHUTDOWN_HOOK_PRIORITY + 60;

  private static final int FIRST = BEFORE_SPARK + 10;

  /** Hadoop would do one behind the other; several runs have ten seconds each, and the same ten. */
  private static final Set<Runnable> TOGETHER = ConcurrentHashMap.newKeySet();

  private static final Runnable ALL = StopSignal::doTogether;

  private final Runnable work;

  private StopSignal(Runnable work) {
    this.work = work;
  }

  /**
   * @param work a second or a few, on another thread
   */
  public static StopSignal then(Runnable work) {
    if (!received()) {
      ShutdownHookManager.get().addShutdownHook(work, BEFORE_SPARK);
    }
    return new StopSignal(work);
  }

  /**
   * The same for what is done before all of {@link #then}, while everything still works; all of it
   * at the same time.
   *
   * @param work ten seconds at most, on another thread
   */
  public static StopSignal first(Runnable work) {
    TOGETHER.add(work);
    if (!received()) {
      ShutdownHookManager.get().addShutdownHook(ALL, FIRST);
    }
    return new StopSignal(work);
  }

  private static void doTogether() {
    List<Thread> threads = TOGETHER.stream().map(Thread::new).toList();
    threads.forEach(Thread::start);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it came. Jobs that fail from then on do so because of it. */
  public static boolean received() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  @Override
  public void close() {
    if (!TOGETHER.remove(work) && !received()) {
      ShutdownHookManager.get().removeShutdownHook(work);
    }
  }
}
