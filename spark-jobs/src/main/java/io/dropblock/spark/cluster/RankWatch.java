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
import java.util.stream.Collectors;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Watches the tasks of the stage that runs, and says who is to blame when it fails. */
final class RankWatch extends SparkListener {
  private final Map<Integer, Place> running = new TreeMap<>();
  private final Map<Integer, Place> places = new TreeMap<>();
  private final Map<Integer, RankFailure> failures = new TreeMap<>();

  /**
   * Where a task runs.
   *
   * @param executor Spark's name of it
   */
  record Place(String host, String executor) {}

  /**
   * Who is to blame.
   *
   * @param hosts of the ranks that failed first
   * @param reason in one line
   * @param hung executors of ranks that do not answer and whose tasks do not end
   */
  record Blame(Set<String> hosts, String reason, Set<String> hung) {}

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
    running.clear();
    places.clear();
    failures.clear();
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
      failures.putIfAbsent(end.taskInfo().index(), RankFailure.of(end.taskInfo(), reason));
    }
    notifyAll();
  }

  /** Waits until all tasks have ended, or for some time, and judges. */
  synchronized Optional<Blame> settle(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toMillis();
          left > 0 && (failures.isEmpty() || !running.isEmpty());
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
    Set<RankFailure> own = with(RankFailure.Cause.OWN);
    if (!own.isEmpty()) {
      RankFailure first = own.iterator().next();
      return Optional.of(
          new Blame(
              own.stream().map(RankFailure::host).collect(Collectors.toCollection(TreeSet::new)),
              String.format(
                  Locale.ROOT, "rank %d on %s: %s", first.rank(), first.host(), first.reason()),
              Set.of()));
    }
    Set<RankFailure> fallen = with(RankFailure.Cause.RING);
    return fallen.isEmpty() ? Optional.empty() : Optional.of(suspects(fallen));
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
    return new Blame(
        hosts,
        String.format(Locale.ROOT, "rank %d on %s: %s", first.rank(), first.host(), first.reason()),
        hung);
  }
}
