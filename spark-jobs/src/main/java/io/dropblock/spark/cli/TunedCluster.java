package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.EvaluationSlots;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.gpu.GpuSettings;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.tune.Bounds;
import io.dropblock.spark.tune.ExecutorMemory;
import io.dropblock.spark.tune.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/**
 * The cluster that trials run on: a Spark application each, started by this process.
 *
 * @param shape the executors as they are now
 * @param hosts that they are on
 * @param uneven why hosts cannot be cut otherwise; empty where all have as many executors
 */
record TunedCluster(Shape shape, int hosts, Optional<String> uneven) {
  /** For executors to come. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String CORES = "spark.executor.cores";

  /** What bounds a process of the present shape, and would be wrong for another one. */
  private static final Pattern BOUND =
      Pattern.compile("maxphysicalbytes=[1-9]\\w*|-XX:MaxDirectMemorySize=\\w+|-Xmn\\w+");

  /**
   * Looks at the settings, before anything starts.
   *
   * @throws ClusterException if no trials can be made with them
   */
  static void requireTunable(SparkConf conf) {
    String master = conf.get("spark.master", "");
    if (master.matches("local(\\[.*])?")) {
      throw refused("spark.master=" + master, "its ranks are threads of the driver; use executors");
    }
    if (conf.get("spark.submit.deployMode", "client").equals("cluster")) {
      throw refused(
          "spark.submit.deployMode=cluster",
          "each trial is a Spark application, which the driver starts; use client");
    }
    if (!conf.contains(CORES)) {
      throw refused("no " + CORES, "trials divide the cores of an executor; set it");
    }
    if (EvaluationSlots.of(conf).count() > 0) {
      throw refused(
          "spark.dropblock.evaluation.slots=" + EvaluationSlots.of(conf).count(),
          "trials evaluate nothing; set it to 0 here");
    }
  }

  private static ClusterException refused(String setting, String why) {
    return new ClusterException("Cannot tune with " + setting + ": " + why);
  }

  /**
   * Waits for all executors and looks where they are.
   *
   * @throws ClusterException if they do not come
   */
  static TunedCluster look(TaskSlots slots) {
    SparkConf conf = slots.spark().getConf();
    await(slots, slots.promised());
    Map<String, Long> ofHosts =
        slots.hosts().values().stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    int executors = slots.hosts().size();
    Collection<Long> counts = ofHosts.values();
    Set<Long> different = new TreeSet<>(counts);
    return new TunedCluster(
        new Shape(executors, conf.getInt(CORES, 1), conf.getInt("spark.task.cpus", 1)),
        ofHosts.size(),
        different.size() == 1
            ? Optional.empty()
            : Optional.of(
                String.format(
                    Locale.ROOT,
                    "%d to %d executors are on a host, and not as many on each",
                    Collections.min(counts),
                    Collections.max(counts))));
  }

  /**
   * Waits for task slots, a minute at most.
   *
   * @throws ClusterException if there are others than were asked for
   */
  static void await(TaskSlots slots, OptionalInt wanted) {
    int found = slots.awaitPromised(PATIENCE);
    if (found == 0 || wanted.isPresent() && found != wanted.getAsInt()) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "Cannot find all executors: the cluster offers %s after %d s%s",
              Count.of(found, "task slot"),
              PATIENCE.toSeconds(),
              wanted.isPresent() ? ", not " + wanted.getAsInt() : ""));
    }
  }

  /** What may be tried for a recipe. */
  Bounds bounds(SparkConf conf, Recipe recipe, RecipeParts parts) {
    boolean bound = recipe.train().averaging().bindsWorld();
    boolean mixes = recipe.data().mixup() > 0 || recipe.data().cutmix() > 0;
    Optional<String> sameRanks =
        GpuSettings.ask(conf)
            ? Optional.of("each has a GPU of its own")
            : Optional.of(
                    "ranks go own ways between two averagings, so that another number of them is"
                        + " another run (train.averaging)")
                .filter(why -> bound);
    return new Bounds(
        hosts,
        ExecutorMemory.of(conf),
        shape.executors(),
        bound,
        normalises(parts),
        mixes ? 2 : 1,
        sameRanks.or(() -> uneven).or(() -> bounded(conf)),
        sameRanks);
  }

  private static Optional<String> bounded(SparkConf conf) {
    Matcher found = BOUND.matcher(conf.get("spark.executor.extraJavaOptions", ""));
    return found.find()
        ? Optional.of(
            "spark.executor.extraJavaOptions has " + found.group() + ", made for the present ones")
        : Optional.empty();
  }

  private static boolean normalises(RecipeParts parts) {
    return Arrays.stream(parts.network().getLayers())
        .anyMatch(layer -> layer.conf().getLayer() instanceof BatchNormalization);
  }
}
