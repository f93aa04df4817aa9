package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executors that were told to end and still run: the driver believes them alive, and their task
 * slots are of no use.
 */
public final class LeavingExecutors {
  private static final Logger LOG = LoggerFactory.getLogger(LeavingExecutors.class);
  private static final Set<String> LEAVING = ConcurrentHashMap.newKeySet();

  /** By this driver, for a run one of whose ranks did not answer. */
  private static final Set<String> ENDED = ConcurrentHashMap.newKeySet();

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private LeavingExecutors() {}

  /**
   * @param id Spark's name of it
   */
  public static void add(String id) {
    LEAVING.add(id);
  }

  /** The same of one that this driver ends. */
  static void end(String id) {
    ENDED.add(id);
    add(id);
  }

  /** Whether this driver has ended it: it is no failure of its host that it is gone. */
  static boolean wasEnded(String id) {
    return ENDED.contains(id);
  }

  /** Another application has others of the same names. */
  public static void forget() {
    LEAVING.clear();
    ENDED.clear();
  }

  /** Whether there are some. */
  public static boolean any() {
    return !LEAVING.isEmpty();
  }

  static boolean contains(String id) {
    return LEAVING.contains(id);
  }

  /** Waits until they are gone: a stage that begins before would put ranks on them. */
  static void awaitEnd(JavaSparkContext spark) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      LEAVING.retainAll(Executor.ids(spark));
      if (LEAVING.isEmpty()) {
        return;
      }
      if (System.nanoTime() > end) {
        LOG.warn("{} told to end are still there", Count.of(LEAVING.size(), "executor"));
        return;
      }
      TaskSlots.sleep();
    }
  }
}
