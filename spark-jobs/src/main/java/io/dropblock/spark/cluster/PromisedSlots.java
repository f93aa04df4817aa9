package io.dropblock.spark.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * How many tasks can run side by side on the executors that an application's settings ask for, as
 * far as the settings tell: known before anything starts.
 */
final class PromisedSlots {
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[\\s*(\\d+|\\*)\\s*(?:,.*)?])?");
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");
  private static final String MASTER = "spark.master";
  private static final String INSTANCES = "spark.executor.instances";
  private static final String CORES = "spark.executor.cores";
  private static final String MOST_CORES = "spark.cores.max";
  private static final String MEMORY = "spark.executor.memory";
  private static final String TASK_CORES = "spark.task.cpus";

  private PromisedSlots() {}

  /** At most so many; empty where that is for the cluster to say. */
  static OptionalInt of(SparkConf conf) {
    String master = conf.get(MASTER, "");
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      return OptionalInt.of(threads(local.group(1)) / taskCores(conf));
    }
    Matcher cluster = LOCAL_CLUSTER.matcher(master);
    if (cluster.matches()) {
      int workers = Integer.parseInt(cluster.group(1));
      int cores = Integer.parseInt(cluster.group(2));
      int memory = Integer.parseInt(cluster.group(3));
      int ofExecutor = conf.getInt(CORES, cores);
      int heap = Math.max(1, (int) conf.getSizeAsMb(MEMORY, "1g"));
      int room = workers * Math.min(cores / ofExecutor, memory / heap);
      int most = conf.getInt(MOST_CORES, Integer.MAX_VALUE) / ofExecutor;
      return OptionalInt.of(Math.min(room, most) * (ofExecutor / taskCores(conf)));
    }
    if (SettingsCheck.isDynamic(conf)) {
      return OptionalInt.empty();
    }
    int cores = conf.getInt(CORES, 1);
    if (master.startsWith("spark:")) {
      return conf.contains(MOST_CORES) && conf.contains(CORES)
          ? OptionalInt.of(conf.getInt(MOST_CORES, 0) / cores * (cores / taskCores(conf)))
          : OptionalInt.empty();
    }
    return conf.contains(INSTANCES)
        ? OptionalInt.of(conf.getInt(INSTANCES, 0) * (cores / taskCores(conf)))
        : OptionalInt.empty();
  }

  private static int threads(String text) {
    if (text == null) {
      return 1;
    }
    return text.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(text);
  }

  private static int taskCores(SparkConf conf) {
    return conf.getInt(TASK_CORES, 1);
  }

  /** The settings that it follows from, for people. */
  static String words(SparkConf conf) {
    List<String> words = new ArrayList<>();
    for (String key : List.of(MASTER, INSTANCES, CORES, MOST_CORES, MEMORY, TASK_CORES)) {
      if (conf.contains(key)) {
        words.add(key + "=" + conf.get(key));
      }
    }
    return String.join(" ", words);
  }
}
