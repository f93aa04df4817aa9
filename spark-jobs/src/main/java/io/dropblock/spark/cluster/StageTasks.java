package io.dropblock.spark.cluster;

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
import org.apache.spark.scheduler.TaskInfo;

/** The tasks of one stage, and who is to blame when it fails. */
final class StageTasks {
  private static final String ENDED = " (it was ended because of another run)";

  private final Map<Integer, Place> running = new TreeMap<>();
  private final Map<Integer, Place> places = new TreeMap<>();
  private final Map<Integer, RankFailure> failures = new TreeMap<>();
  private final Set<String> lost;
  private boolean failed;

  /**
   * @param lost executors that are gone, also those that go later
   */
  StageTasks(Set<String> lost) {
    this.lost = lost;
  }

  /** Where a task runs. */
  private record Place(String host, String executor) {}

  void start(TaskInfo task) {
    Place place = new Place(task.host(), task.executorId());
    running.put(task.index(), place);
    places.put(task.index(), place);
  }

  void end(TaskInfo task) {
    running.remove(task.index());
  }

  /** The same of one that failed. */
  RankFailure end(TaskInfo task, TaskFailedReason reason) {
    end(task);
    RankFailure failure = RankFailure.of(task, reason);
    failures.putIfAbsent(task.index(), failure);
    return failure;
  }

  /** Spark gave the stage up. */
  void fail() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  /** Whether a task failed and all have ended, and there is nothing to wait for. */
  boolean isClear() {
    return !failures.isEmpty() && running.isEmpty() && !isOfProgram();
  }

  /** Who is to blame, as far as is known; empty where nobody is. */
  Optional<RankWatch.Blame> blame() {
    if (isOfProgram()) {
      RankFailure first = with(RankFailure.Cause.PROGRAM).iterator().next();
      return Optional.of(new RankWatch.Blame(Set.of(), text(first), Set.of(), true, false));
    }
    Set<RankFailure> own = with(RankFailure.Cause.HOST);
    own.addAll(with(RankFailure.Cause.PROGRAM));
    if (!own.isEmpty()) {
      Set<RankFailure> first = new LinkedHashSet<>(own);
      first.removeIf(failure -> wasEnded(failure.rank()));
      return Optional.of(
          new RankWatch.Blame(
              first.stream().map(RankFailure::host).collect(Collectors.toCollection(TreeSet::new)),
              first.isEmpty() ? text(own.iterator().next()) + ENDED : text(first.iterator().next()),
              Set.of(),
              false,
              first.isEmpty()));
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

  /** Whether its executor was, for another run: one of this run's own is judged before that. */
  private boolean wasEnded(int rank) {
    return LeavingExecutors.wasEnded(places.get(rank).executor());
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
  private RankWatch.Blame suspects(Set<RankFailure> fallen) {
    Set<Integer> suspects = new TreeSet<>();
    fallen.forEach(failure -> suspects.add(failure.suspect()));
    fallen.forEach(failure -> suspects.remove(failure.rank()));
    suspects.retainAll(places.keySet());
    Set<String> hosts = new TreeSet<>();
    Set<String> hung = new HashSet<>();
    boolean ofOther = !suspects.isEmpty() && suspects.stream().allMatch(this::wasEnded);
    suspects.removeIf(this::wasEnded);
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
    return new RankWatch.Blame(hosts, text(first) + (ofOther ? ENDED : ""), hung, false, ofOther);
  }
}
