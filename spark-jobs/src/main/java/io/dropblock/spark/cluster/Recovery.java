package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a cluster back after a job that failed: finds the host to blame and counts its failures,
 * does without a host that failed too often, ends executors that hang, and waits until there are
 * enough task slots, for fewer ranks if need be.
 *
 * <p>Spark's own {@code spark.excludeOnFailure} does not do it: it counts a host's failures only
 * when the stage has succeeded in the end, which a barrier stage with a failed task never does.
 */
public final class Recovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** Time in which a lost executor is noticed, and its neighbours have told of it. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private final JavaSparkContext spark;
  private final TaskSlots slots;
  private final RankLimits limits;
  private final RecoverySettings settings;
  private final RankWatch watch;
  private final Map<String, Integer> failuresOf = new TreeMap<>();
  private final Set<String> leftOut = new TreeSet<>();

  /** Hosts that ought to be left out and cannot be. */
  private final Set<String> kept = new TreeSet<>();

  /**
   * What happened.
   *
   * @param reason in one line, with rank and host where they are known
   * @param leftOut hosts that the run does without from now on
   * @param always whether another attempt would fail alike, as the data or the program failed
   * @param ofOther whether it was another run's, for which an executor of this one was ended
   */
  public record Failure(String reason, Set<String> leftOut, boolean always, boolean ofOther) {}

  /**
   * Watches the cluster until it is closed.
   *
   * @param slots that the run may use
   * @param jobs those of the run
   */
  public Recovery(TaskSlots slots, RunJobs jobs, RankLimits limits, RecoverySettings settings) {
    this.spark = slots.spark();
    this.slots = slots;
    this.limits = limits;
    this.settings = settings;
    this.watch =
        new RankWatch(jobs::own, stage -> spark.sc().cancelStage(stage, "it would fail again"));
    spark.sc().addSparkListener(watch);
  }

  /** Whether it is a job that failed on the cluster, and not the end of the application. */
  public boolean isOfCluster(Exception e) {
    return e instanceof SparkException && !spark.sc().isStopped() && !StopSignal.received();
  }

  /** Finds out why a job failed, and whether another attempt may succeed. */
  public Failure look(Exception e) {
    if (Diagnosis.failsAlways(e)) {
      return new Failure(firstLine(e), Set.copyOf(leftOut), true, false);
    }
    Optional<RankWatch.Blame> blame = watch.settle(SETTLE);
    blame.ifPresent(
        found -> {
          found.hosts().forEach(host -> failuresOf.merge(host, 1, Integer::sum));
          found.hung().forEach(executor -> Executor.replace(spark, executor));
        });
    leaveOut();
    return new Failure(
        blame.map(RankWatch.Blame::reason).orElseGet(() -> firstLine(e)),
        Set.copyOf(leftOut),
        blame.map(RankWatch.Blame::always).orElse(false),
        blame.map(RankWatch.Blame::ofOther).orElse(false));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void leaveOut() {
    for (Map.Entry<String, Integer> host : failuresOf.entrySet()) {
      if (host.getValue() >= settings.hostFailures() && !leftOut.contains(host.getKey())) {
        leaveOut(host.getKey(), host.getValue());
      }
    }
  }

  private void leaveOut(String host, int failures) {
    List<Executor> all = Executor.all(spark);
    List<Executor> others =
        all.stream()
            .filter(executor -> !executor.host().equals(host))
            .filter(executor -> !leftOut.contains(executor.host()))
            .toList();
    // other runs need theirs, too
    int least = Math.max(limits.least(), slots.share().least());
    int left = slots.share().of(Executor.slots(others));
    if (left < least) {
      if (kept.add(host)) {
        LOG.warn(
            "Host {} has failed {} times and is still used: the others offer {} task slots for {} ranks",
            host,
            failures,
            left,
            least);
      }
      return;
    }
    leftOut.add(host);
    Executor.end(
        spark,
        all.stream().filter(executor -> executor.host().equals(host)).toList(),
        others.size());
  }

  /**
   * Waits until the ranks find a place: all of them, or after a while as many as are needed at
   * least. A task that does not end holds its slot for ever: its executor is ended.
   *
   * @return how many go on
   * @throws ClusterException if there are too few for too long
   */
  public int await() {
    for (String executor : watch.awaitEnd(settings.silence())) {
      LOG.warn("Executor {} is ended: its task was told to stop and does not", executor);
      Executor.replace(spark, executor);
    }
    LeavingExecutors.awaitEnd(spark);
    return slots.await(limits, leftOut, settings.patience());
  }

  /** Whether more ranks would find a place than train. */
  public RoomForMore roomForMore(int world) {
    return world < limits.most()
        ? new RoomForMore(() -> limits.ranks(slots.now(leftOut)) > world, limits.grace())
        : RoomForMore.none();
  }

  @Override
  public void close() {
    spark.sc().removeSparkListener(watch);
  }
}
