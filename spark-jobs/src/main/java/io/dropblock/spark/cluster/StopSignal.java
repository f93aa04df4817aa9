package io.dropblock.spark.cluster;

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

  private final Runnable work;

  private StopSignal(Runnable work) {
    this.work = work;
  }

  /**
   * @param work a second or a few, on another thread
   */
  public static StopSignal then(Runnable work) {
    return add(work, BEFORE_SPARK);
  }

  /**
   * The same for what is done before all of {@link #then}, while everything still works.
   *
   * @param work ten seconds at most, on another thread
   */
  public static StopSignal first(Runnable work) {
    return add(work, FIRST);
  }

  private static StopSignal add(Runnable work, int priority) {
    if (!received()) {
      ShutdownHookManager.get().addShutdownHook(work, priority);
    }
    return new StopSignal(work);
  }

  /** Whether it came. Jobs that fail from then on do so because of it. */
  public static boolean received() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  @Override
  public void close() {
    if (!received()) {
      ShutdownHookManager.get().removeShutdownHook(work);
    }
  }
}
