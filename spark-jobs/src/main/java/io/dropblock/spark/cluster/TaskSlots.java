package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;

/** The task slots of a cluster: how many ranks can run side by side. */
public final class TaskSlots {
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final Duration STABLE = Duration.ofSeconds(3);
  private static final long POLL_MILLIS = 100;
  private static final String LOWER = "lower " + OwnSetting.ELASTIC_MIN.key();

  private TaskSlots() {}

  /**
   * Waits until the cluster offers as many slots as asked for, at most a minute.
   *
   * @param wanted ranks, or 0 for as many as there are: then it waits until there are as many as
   *     the settings ask for, or as can be used, or no executor has come for three seconds
   * @param most how many can be used
   * @return {@code wanted}, or all slots, which may be more than can be used
   * @throws ClusterException if there are too few
   */
  public static int await(JavaSparkContext spark, int wanted, int most) {
    IntSupplier slots = () -> Executor.slots(Executor.all(spark));
    if (wanted > 0) {
      await(spark, wanted, found -> tooFew(wanted, found, WAIT, "set train.world"));
      return wanted;
    }
    new AnyExecutor(spark).await(missing -> {});
    int promised = PromisedSlots.of(spark.getConf()).orElse(Integer.MAX_VALUE);
    return stable(slots, Math.min(promised, most));
  }

  /**
   * The same for ranks whose number may change: fewer than are wanted are enough.
   *
   * @throws ClusterException if there are too few even so
   */
  public static int await(JavaSparkContext spark, RankLimits limits) {
    new AnyExecutor(spark).await(missing -> {});
    IntSupplier slots = () -> Executor.slots(Executor.all(spark));
    int promised = PromisedSlots.of(spark.getConf()).orElse(Integer.MAX_VALUE);
    stable(slots, Math.min(promised, limits.slots()));
    await(slots, limits.least(), WAIT, found -> tooFew(limits.least(), found, WAIT, LOWER));
    return limits.ranks(slots.getAsInt());
  }

  /**
   * Waits until the cluster offers as many slots as asked for, at most a minute.
   *
   * @param tooFew of the number that was found, thrown if it is less
   */
  static void await(JavaSparkContext spark, int wanted, IntFunction<ClusterException> tooFew) {
    await(() -> Executor.slots(Executor.all(spark)), wanted, WAIT, tooFew);
  }

  /** The same where all slots can be used. */
  public static int await(JavaSparkContext spark, int wanted) {
    return await(spark, wanted, Integer.MAX_VALUE);
  }

  /** Waits until all have come, or no executor has come or gone for a while. */
  private static int stable(IntSupplier slots, int promised) {
    int found = slots.getAsInt();
    long since = System.nanoTime();
    while (found < promised && System.nanoTime() - since < STABLE.toNanos()) {
      sleep();
      int now = slots.getAsInt();
      if (now != found) {
        found = now;
        since = System.nanoTime();
      }
    }
    return found;
  }

  /**
   * Waits until the hosts that are not left out offer as many slots as can be used, or for {@link
   * RankLimits#grace} and until there are enough.
   *
   * @return ranks that find a place
   * @throws ClusterException if there are too few for too long
   */
  static int await(JavaSparkContext spark, RankLimits limits, Set<String> leftOut, Duration wait) {
    String without = leftOut.isEmpty() ? "" : " other than on " + String.join(", ", leftOut);
    IntSupplier slots = () -> now(spark, leftOut);
    long begin = System.nanoTime();
    while (slots.getAsInt() < limits.slots()
        && System.nanoTime() - begin < limits.grace().toNanos()) {
      sleep();
    }
    int least = limits.least();
    await(slots, least, wait, found -> tooFew(least, found, wait, "go on with --resume" + without));
    return limits.ranks(slots.getAsInt());
  }

  /** What the hosts that are not left out offer now. */
  static int now(JavaSparkContext spark, Set<String> leftOut) {
    return Executor.slots(
        Executor.all(spark).stream()
            .filter(executor -> !leftOut.contains(executor.host()))
            .toList());
  }

  private static ClusterException tooFew(int wanted, int found, Duration wait, String or) {
    return new ClusterException(
        String.format(
            Locale.ROOT,
            "Cannot train with %s: the cluster offers %s after %d s; start more executors or %s",
            Count.of(wanted, "rank"),
            Count.of(found, "task slot"),
            wait.toSeconds(),
            or));
  }

  /**
   * @param tooFew of the number that was found
   */
  private static void await(
      IntSupplier slots, int wanted, Duration wait, IntFunction<ClusterException> tooFew) {
    long begin = System.nanoTime();
    int found = slots.getAsInt();
    while (found < wanted) {
      if (System.nanoTime() - begin > wait.toNanos()) {
        throw tooFew.apply(found);
      }
      sleep();
      found = slots.getAsInt();
    }
  }

  static void sleep() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("Cannot wait for executors: interrupted", e);
    }
  }
}
