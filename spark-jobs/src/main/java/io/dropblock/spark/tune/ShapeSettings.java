package io.dropblock.spark.tune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * Spark's settings of a shape, on the cluster that an application's settings name.
 *
 * @param now those of the application
 */
public record ShapeSettings(SparkConf now) {
  private static final String MASTER = "spark.master";
  private static final String INSTANCES = "spark.executor.instances";
  private static final String CORES = "spark.executor.cores";
  private static final String MOST_CORES = "spark.cores.max";
  private static final String TASK_CORES = "spark.task.cpus";
  private static final String LOCAL_CLUSTER = "local-cluster[";
  private static final List<String> POD_CORES =
      List.of("spark.kubernetes.executor.limit.cores", "spark.kubernetes.executor.request.cores");
  private static final List<String> THREADS =
      List.of("spark.executorEnv.OMP_NUM_THREADS", "spark.executorEnv.OPENBLAS_NUM_THREADS");

  /** What submit.sh has to be told to start it. */
  public Map<String, String> told(Shape shape, ExecutorMemory memory) {
    Map<String, String> told = new LinkedHashMap<>();
    String cores = String.valueOf(shape.cores());
    if (isStandalone()) {
      told.put(MOST_CORES, String.valueOf(shape.executors() * shape.cores()));
    } else {
      told.put(INSTANCES, String.valueOf(shape.executors()));
    }
    told.put(CORES, cores);
    told.put(TASK_CORES, String.valueOf(shape.taskCores()));
    POD_CORES.stream().filter(now::contains).forEach(key -> told.put(key, cores));
    told.put(ExecutorMemory.HEAP, memory.heap() + "m");
    if (memory.arrays() > 0) {
      told.put(ExecutorMemory.ARRAYS, memory.arrays() + "m");
    }
    if (memory.overhead() > 0) {
      told.put(ExecutorMemory.OVERHEAD, memory.overhead() + "m");
    }
    return told;
  }

  /** The application's settings with another shape. */
  public SparkConf of(Shape shape, ExecutorMemory memory) {
    SparkConf conf = now.clone();
    told(shape, memory).forEach(conf::set);
    String threads = String.valueOf(shape.taskCores());
    THREADS.stream().filter(now::contains).forEach(key -> conf.set(key, threads));
    if (isLocalCluster()) {
      conf.set(
          MASTER,
          String.format(
              Locale.ROOT,
              "local-cluster[%d,%d,%d]",
              shape.executors(),
              shape.cores(),
              memory.heap()));
      conf.set(MOST_CORES, String.valueOf(shape.executors() * shape.cores()));
    }
    return conf;
  }

  /** The words before a command of submit.sh: its kind of cluster, and the settings. */
  public String words(Map<String, String> told) {
    StringBuilder words = new StringBuilder(isLocalCluster() ? "" : "--cluster " + kind() + " ");
    told.forEach((key, value) -> words.append("--conf ").append(key + "=" + value).append(' '));
    return words.toString();
  }

  /** The lines of a settings file; on this machine submit.sh works one of them out itself. */
  public List<String> lines(Map<String, String> told) {
    return told.entrySet().stream()
        .filter(line -> !isLocalCluster() || !line.getKey().equals(ExecutorMemory.ARRAYS))
        .map(line -> line.getKey() + " " + line.getValue())
        .toList();
  }

  /** The folder in cluster-configs. */
  public String kind() {
    String master = now.get(MASTER, "");
    if (isLocalCluster()) {
      return "local";
    }
    return isStandalone() ? "standalone" : master.startsWith("k8s:") ? "kubernetes" : "yarn";
  }

  private boolean isStandalone() {
    return now.get(MASTER, "").startsWith("spark:");
  }

  private boolean isLocalCluster() {
    return now.get(MASTER, "").startsWith(LOCAL_CLUSTER);
  }
}
