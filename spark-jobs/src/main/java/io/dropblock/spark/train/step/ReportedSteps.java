package io.dropblock.spark.train.step;

import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.RankAttempt;
import io.dropblock.spark.train.progress.StepReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What has been reported of an epoch's steps, taken in slices: the steps that all ranks have passed
 * since the slice before. A report that got lost is missing in a mean and stops nothing.
 */
final class ReportedSteps {
  private final EpochPlan plan;
  private final int world;
  private final int globalBatch;
  private final NavigableMap<Long, List<StepReport>> waiting = new TreeMap<>();
  private final Map<Integer, RankAttempt> ranks = new HashMap<>();

  /** The last step that each rank has reported. */
  private final Map<Integer, Long> reached = new HashMap<>();

  private long next;

  /** When the last slice was done, by the clocks of ranks; 0 before the first. */
  private long since;

  /**
   * @param first the first step within the epoch
   */
  ReportedSteps(EpochPlan plan, RankFeed feed, int first) {
    this.plan = plan;
    this.world = feed.world();
    this.globalBatch = feed.globalBatch();
    this.next = plan.firstStep() + first;
  }

  /** Takes a report. What an attempt told that has failed since does not count any more. */
  void add(StepReport report) {
    RankAttempt by = report.by();
    RankAttempt before = ranks.get(by.rank());
    boolean late =
        before != null && before.task() > by.task()
            || ranks.values().stream().anyMatch(rank -> rank.isOfLaterStageAttemptThan(by));
    if (late) {
      return;
    }
    if (ranks.values().stream().anyMatch(by::isOfLaterStageAttemptThan)) {
      forget(report.step(), List.copyOf(ranks.keySet()));
    } else if (before != null && before.task() < by.task()) {
      forget(report.step(), List.of(by.rank()));
    }
    ranks.put(by.rank(), by);
    reached.put(by.rank(), report.step());
    if (report.step() >= next) {
      waiting.computeIfAbsent(report.step(), step -> new ArrayList<>()).add(report);
    }
  }

  /** Drops what ranks reported of a step and those behind it. */
  private void forget(long from, List<Integer> ofRanks) {
    for (int rank : ofRanks) {
      ranks.remove(rank);
      reached.computeIfPresent(rank, (key, step) -> Math.min(step, from - 1));
    }
    waiting
        .tailMap(from, true)
        .values()
        .forEach(reports -> reports.removeIf(report -> ofRanks.contains(report.by().rank())));
  }

  /** The step that all ranks have done; one before the next if there is none. */
  private long done() {
    return reached.size() < world
        ? next - 1
        : Math.max(next - 1, reached.values().stream().mapToLong(Long::longValue).min().orElse(0));
  }

  /** Whether the last step has been reported by all ranks. */
  boolean areComplete() {
    return done() >= plan.lastStep();
  }

  /** The steps that all ranks have done since the last call; empty if there is none. */
  Optional<RunEvent.Steps> take() {
    long last = done();
    NavigableMap<Long, List<StepReport>> slice = waiting.headMap(last, true);
    List<StepReport> reports = slice.values().stream().flatMap(List::stream).toList();
    if (reports.isEmpty()) {
      return Optional.empty();
    }
    long now = reports.stream().mapToLong(StepReport::time).max().orElseThrow();
    double seconds = Math.max(1, now - (since == 0 ? begin(reports) : since)) / 1e3;
    RunEvent.Steps told =
        new RunEvent.Steps(
            plan.epoch(),
            last,
            Math.toIntExact(last + 1 - next),
            mean(reports, StepReport::loss),
            (last + 1 - next) * globalBatch / seconds,
            plan.keepProbability(last),
            mean(reports, StepReport::keptFraction),
            plan.learningRate(last));
    slice.clear();
    next = last + 1;
    since = now;
    return Optional.of(told);
  }

  /** When the first step began; all ranks train it at the same time. */
  private static long begin(List<StepReport> reports) {
    return reports.stream()
        .mapToLong(report -> report.time() - (long) (1e3 * report.times().seconds()))
        .min()
        .orElseThrow();
  }

  /** Each micro-batch counts as much, whatever rank has trained it. */
  private static double mean(List<StepReport> reports, ToDoubleFunction<StepReport> value) {
    double sum = reports.stream().mapToDouble(it -> it.batches() * value.applyAsDouble(it)).sum();
    return sum / reports.stream().mapToLong(StepReport::batches).sum();
  }
}
