package io.dropblock.spark.train;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;

/** The task slots of a cluster: how many ranks can run side by side. */
public final class TaskSlots {
  private static final long WAIT_MILLIS = 60_000;
  private static final long STABLE_MILLIS = 3_000;
  private static final long POLL_MILLIS = 100;

  private TaskSlots() {}

  /**
   * Waits until the cluster offers as many slots as asked for, at most a minute.
   *
   * @param wanted ranks, or 0 for as many as there are: then it waits until no executor has come
   *     for three seconds
   * @return the world: {@code wanted}, or all slots
   * @throws TrainingException if there are too few
   */
  public static int await(JavaSparkContext spark, int wanted) {
    long begin = System.currentTimeMillis();
    long changed = begin;
    int slots = 0;
    while (System.currentTimeMillis() - begin < WAIT_MILLIS) {
      int found = count(spark);
      long now = System.currentTimeMillis();
      if (found != slots) {
        slots = found;
        changed = now;
      }
      if (wanted > 0 && slots >= wanted) {
        return wanted;
      }
      if (wanted == 0 && slots > 0 && (isLocal(spark) || now - changed >= STABLE_MILLIS)) {
        return slots;
      }
      sleep();
    }
    throw new TrainingException(
        ("Cannot train with %s: the cluster offers %d task slots after %d s; "
                + "start more executors or set train.world")
            .formatted(wanted == 0 ? "any rank" : wanted + " ranks", slots, WAIT_MILLIS / 1000));
  }

  private static int count(JavaSparkContext spark) {
    int slots = 0;
    Iterator<ExecutorSummary> executors = spark.sc().statusStore().executorList(true).iterator();
    while (executors.hasNext()) {
      ExecutorSummary executor = executors.next();
      if (isLocal(spark) || !executor.id().equals("driver")) {
        slots += executor.maxTasks();
      }
    }
    return slots;
  }

  /** Whether driver and executor are one JVM. */
  private static boolean isLocal(JavaSparkContext spark) {
    return spark.isLocal();
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException("Cannot wait for executors: interrupted", e);
    }
  }
}
