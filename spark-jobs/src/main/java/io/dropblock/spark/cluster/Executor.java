package io.dropblock.spark.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.immutable.Map$;

/**
 * An executor that the driver believes alive.
 *
 * @param id Spark's
 * @param host as Spark names it
 * @param slots tasks that it can run side by side
 */
record Executor(String id, String host, int slots) {

  /**
   * All of them that were not told to end; in local mode it is the driver.
   *
   * @throws ClusterException if the application has been stopped: there are none, and none will
   *     come
   */
  static List<Executor> all(JavaSparkContext spark) {
    return registered(spark).stream()
        .filter(executor -> !LeavingExecutors.contains(executor.id()))
        .toList();
  }

  /** Spark's names of all of them, those that were told to end included. */
  static Set<String> ids(JavaSparkContext spark) {
    return registered(spark).stream().map(Executor::id).collect(Collectors.toSet());
  }

  private static List<Executor> registered(JavaSparkContext spark) {
    if (spark.sc().isStopped()) {
      throw new ClusterException("Cannot ask for executors: the application has been stopped");
    }
    List<Executor> executors = new ArrayList<>();
    Iterator<ExecutorSummary> found = spark.sc().statusStore().executorList(true).iterator();
    while (found.hasNext()) {
      ExecutorSummary executor = found.next();
      if (spark.isLocal() || !executor.id().equals("driver")) {
        // In local mode Spark's own number follows from spark.executor.cores, which means nothing
        // there
        int slots =
            spark.isLocal()
                ? executor.totalCores() / spark.getConf().getInt("spark.task.cpus", 1)
                : executor.maxTasks();
        executors.add(new Executor(executor.id(), hostOf(executor.hostPort()), slots));
      }
    }
    return executors;
  }

  private static String hostOf(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    return colon < 0 ? hostPort : hostPort.substring(0, colon);
  }

  static int slots(Collection<Executor> executors) {
    return executors.stream().mapToInt(Executor::slots).sum();
  }

  /**
   * Ends executors for good.
   *
   * @param remaining how many others the application keeps; should one of them die, the cluster
   *     manager starts another
   */
  static void end(JavaSparkContext spark, Collection<Executor> executors, int remaining) {
    executors.forEach(executor -> LeavingExecutors.end(executor.id()));
    spark
        .sc()
        .killExecutors(
            JavaConverters.asScalaBuffer(executors.stream().map(Executor::id).toList()).toSeq());
    // Spark forgets what it was started with, and would ask for none at all
    spark.sc().requestTotalExecutors(remaining, 0, Map$.MODULE$.empty());
  }

  /** Ends an executor whose task does not; the cluster manager starts another one. */
  static void replace(JavaSparkContext spark, String id) {
    if (!spark.isLocal()) {
      LeavingExecutors.end(id);
      spark.sc().killAndReplaceExecutor(id);
    }
  }
}
