package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Watches the tasks of the stage that runs, and says who is to blame when it fails. */
final class RankWatch extends SparkListener {
  private final Map<Integer, Place> running = new TreeMap<>();
  private final Map<Integer, Place> places = new TreeMap<>();
  private final Map<Integer, RankFailure> failures = new TreeMap<>();
  private final Set<String> lost = new HashSet<>();
  private final IntConsumer cancel;

  /**
   * @param cancel ends a stage that Spark would try again in vain
   */
  RankWatch(IntConsumer cancel) {
    this.cancel = cancel;
  }

  /**
   * Where a task runs.
   *
   * @param executor Spark's name of it
   */
  record Place(String host, String executor) {}

  /**
   * Who is to blame.
   *
   * @param hosts of the ranks that failed first; none where it is no host's fault
   * @param reason in one line
   * @param hung executors of ranks that do not answer and whose tasks do not end
   * @param always whether the data or the program failed, as they will again
   */
  record Blame(Set<String> hosts, String reason, Set<String> hung, boolean always) {}

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
    running.clear();
    places.clear();
    failures.clear();
    lost.clear();
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    lost.add(removed.executorId());
    notifyAll();
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    Place place = new Place(start.taskInfo().host(), start.taskInfo().executorId());
    running.put(start.taskInfo().index(), place);
    places.put(start.taskInfo().index(), place);
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().index());
    if (end.reason() instanceof TaskFailedReason reason) {
      RankFailure failure = RankFailure.of(end.taskInfo(), reason);
      failures.putIfAbsent(end.taskInfo().index(), failure);
      if (failure.cause() == RankFailure.Cause.PROGRAM) {
        cancel.accept(end.stageId());
      }
    }
    notifyAll();
  }

  /**
   * Waits until all tasks have ended, or for some time, and judges. An error that looks like the
   * program's is given all of the time: a task of an executor that is ending fails in any way.
   */
  synchronized Optional<Blame> settle(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toMillis();
          left > 0 && (failures.isEmpty() || !running.isEmpty() || isOfProgram());
          left = (end - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("Cannot wait for tasks to end: interrupted", e);
    }
    return blame();
  }

  private Optional<Blame> blame() {
    if (isOfProgram()) {
      RankFailure first = with(RankFailure.Cause.PROGRAM).iterator().next();
      return Optional.of(new Blame(Set.of(), text(first), Set.of(), true));
    }
    Set<RankFailure> own = with(RankFailure.Cause.HOST);
    own.addAll(with(RankFailure.Cause.PROGRAM));
    if (!own.isEmpty()) {
      return Optional.of(
          new Blame(
              own.stream().map(RankFailure::host).collect(Collectors.toCollection(TreeSet::new)),
              text(own.iterator().next()),
              Set.of(),
              false));
    }
    Set<RankFailure> fallen = with(RankFailure.Cause.RING);
    return fallen.isEmpty() ? Optional.empty() : Optional.of(suspects(fallen));
  }

  /** Not where a host failed, too: what goes wrong beside that may come of it. */
  private boolean isOfProgram() {
    return !with(RankFailure.Cause.PROGRAM).isEmpty()
        && with(RankFailure.Cause.HOST).isEmpty()
        && with(RankFailure.Cause.PROGRAM).stream()
            .noneMatch(failure -> lost.contains(places.get(failure.rank()).executor()));
  }

  private static String text(RankFailure failure) {
    return String.format(
        Locale.ROOT, "rank %d on %s: %s", failure.rank(), failure.host(), failure.reason());
  }

  private Set<RankFailure> with(RankFailure.Cause cause) {
    return failures.values().stream()
        .filter(failure -> failure.cause() == cause)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Those who are blamed on the ring and blame nobody. */
  private Blame suspects(Set<RankFailure> fallen) {
    Set<Integer> suspects = new TreeSet<>();
    fallen.forEach(failure -> suspects.add(failure.suspect()));
    fallen.forEach(failure -> suspects.remove(failure.rank()));
    suspects.retainAll(places.keySet());
    Set<String> hosts = new TreeSet<>();
    Set<String> hung = new HashSet<>();
    for (int rank : suspects) {
      hosts.add(places.get(rank).host());
      if (running.containsKey(rank)) {
        hung.add(running.get(rank).executor());
      }
    }
    RankFailure first =
        fallen.stream()
            .filter(failure -> suspects.contains(failure.suspect()))
            .findFirst()
            .orElse(fallen.iterator().next());
    return new Blame(hosts, text(first), hung, false);
  }
}
