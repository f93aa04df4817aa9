package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The task slots of a cluster that a run may use: how many ranks can run side by side.
 *
 * @param spark the application
 * @param share the run's part of what there is
 */
public record TaskSlots(JavaSparkContext spark, SlotShare share) {
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final Duration STABLE = Duration.ofSeconds(3);
  private static final long POLL_MILLIS = 100;
  private static final String LOWER = "lower " + OwnSetting.ELASTIC_MIN.key();

  /** Of who has the application for itself. */
  public static TaskSlots all(JavaSparkContext spark) {
    return new TaskSlots(spark, SlotShare.whole());
  }

  /**
   * Waits until the cluster offers as many slots as asked for, at most a minute.
   *
   * @param wanted ranks, or 0 for as many as there are: then it waits until there are as many as
   *     the settings ask for, or as can be used, or no executor has come for three seconds
   * @param most how many can be used
   * @return {@code wanted}, or all slots, which may be more than can be used
   * @throws ClusterException if there are too few
   */
  public int await(int wanted, int most) {
    if (wanted > 0) {
      await(wanted, found -> tooFew(wanted, found, WAIT, "set train.world"));
      return wanted;
    }
    int found = awaitStable(most);
    return found >= share.least() ? found : awaitLeast(WAIT);
  }

  /** An executor may be gone for the moment, lost by another run. */
  int awaitLeast(Duration wait) {
    int least = share.least();
    await(() -> now(Set.of()), least, wait, found -> tooFew(least, found, wait, "lower --at-once"));
    return now(Set.of());
  }

  /**
   * The same for ranks whose number may change: fewer than are wanted are enough.
   *
   * @throws ClusterException if there are too few even so
   */
  public int await(RankLimits limits) {
    awaitStable(limits.slots());
    await(limits.least(), found -> tooFew(limits.least(), found, WAIT, LOWER));
    return limits.ranks(now(Set.of()));
  }

  /**
   * Waits until the cluster offers as many slots as asked for, at most a minute.
   *
   * @param tooFew of the number that was found, thrown if it is less
   */
  void await(int wanted, IntFunction<ClusterException> tooFew) {
    await(() -> now(Set.of()), wanted, WAIT, tooFew);
  }

  /** The same where all slots can be used. */
  public int await(int wanted) {
    return await(wanted, Integer.MAX_VALUE);
  }

  /** Waits until all have come, or no executor has come or gone for a while. */
  private int awaitStable(int most) {
    new AnyExecutor(spark).await(missing -> {});
    int promised = PromisedSlots.of(spark.getConf()).orElse(Integer.MAX_VALUE);
    int enough = Math.min(share.of(promised), most);
    int found = now(Set.of());
    long since = System.nanoTime();
    while (found < enough && System.nanoTime() - since < STABLE.toNanos()) {
      sleep();
      int now = now(Set.of());
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
  int await(RankLimits limits, Set<String> leftOut, Duration wait) {
    String without = leftOut.isEmpty() ? "" : " other than on " + String.join(", ", leftOut);
    IntSupplier slots = () -> now(leftOut);
    long begin = System.nanoTime();
    while (slots.getAsInt() < limits.slots()
        && System.nanoTime() - begin < limits.grace().toNanos()) {
      sleep();
    }
    int least = limits.least();
    await(slots, least, wait, found -> tooFew(least, found, wait, "go on with --resume" + without));
    return limits.ranks(slots.getAsInt());
  }

  /** What the settings ask for, of them a run's share; empty where the cluster has to say. */
  public OptionalInt promised() {
    OptionalInt all = PromisedSlots.of(spark.getConf());
    return all.isEmpty() ? all : OptionalInt.of(share.of(all.getAsInt()));
  }

  /**
   * Waits until all that the settings ask for have come; where they do not say how many, until none
   * has come or gone for three seconds.
   *
   * @param most how long
   * @return those that there are then, maybe none
   */
  public int awaitPromised(Duration most) {
    OptionalInt promised = promised();
    long begin = System.nanoTime();
    long since = begin;
    int found = now(Set.of());
    while (System.nanoTime() - begin < most.toNanos()) {
      boolean stable = System.nanoTime() - since >= STABLE.toNanos();
      if (promised.isPresent() ? found >= promised.getAsInt() : found > 0 && stable) {
        return found;
      }
      sleep();
      int now = now(Set.of());
      since = now == found ? since : System.nanoTime();
      found = now;
    }
    return found;
  }

  /** The hosts of the executors that are there now, by Spark's name of each. */
  public Map<String, String> hosts() {
    return Executor.all(spark).stream()
        .collect(Collectors.toMap(Executor::id, Executor::host, (one, same) -> one, TreeMap::new));
  }

  /** What the hosts that are not left out offer now. */
  int now(Set<String> leftOut) {
    return share.of(
        Executor.slots(
            Executor.all(spark).stream()
                .filter(executor -> !leftOut.contains(executor.host()))
                .toList()));
  }

  private ClusterException tooFew(int wanted, int found, Duration wait, String or) {
    return new ClusterException(
        String.format(
            Locale.ROOT,
            "Cannot train with %s: the cluster offers %s%s after %d s; start more executors or %s%s",
            Count.of(wanted, "rank"),
            Count.of(found, "task slot"),
            share.isWhole() ? "" : " to each of " + share.runs() + " cells at once",
            wait.toSeconds(),
            or,
            PendingPods.text(spark).map(pods -> "; " + pods).orElse("")));
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
