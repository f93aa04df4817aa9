package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.ShareBars;
import io.dropblock.spark.train.event.RunEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the time of a step goes on each rank, in the last epoch that tells of it. */
final class SpentTime {
  /** Names of {@link RunEvent.RankTimes#seconds} in the order of a step, and what people read. */
  private static final List<Map.Entry<String, String>> PARTS =
      List.of(
          Map.entry("data", "wait for images"),
          Map.entry("forward", "forward"),
          Map.entry("backward", "backward"),
          Map.entry("average", "average"),
          Map.entry("wait", "wait for ranks"),
          Map.entry("update", "update"),
          Map.entry("checkpoint", "checkpoint"));

  /** More would be no chart. */
  private static final int MOST_RANKS = 32;

  private SpentTime() {}

  /** A bar a rank, of milliseconds a step; of many ranks the slowest. */
  static Optional<ShareBars> of(ReportedRun run) {
    return run.epochs().stream()
        .filter(epoch -> !epoch.ranks().isEmpty())
        .reduce((first, second) -> second)
        .map(epoch -> bars(run, epoch));
  }

  private static ShareBars bars(ReportedRun run, RunEvent.Epoch epoch) {
    double slowest = epoch.ranks().stream().mapToDouble(SpentTime::own).max().orElse(0);
    List<ShareBars.Bar> bars =
        epoch.ofSlowest(MOST_RANKS).ranks().stream()
            .map(rank -> bar(rank, epoch.ranks().size() > 1 && own(rank) == slowest))
            .toList();
    String title =
        "A step of " + run.name() + ", epoch " + (epoch.epoch() + 1) + "; \u25B6 the slowest rank";
    return new ShareBars(title, PARTS.stream().map(Map.Entry::getValue).toList(), bars);
  }

  private static ShareBars.Bar bar(RunEvent.RankTimes rank, boolean marked) {
    List<Double> lengths = PARTS.stream().map(part -> millis(rank, part.getKey())).toList();
    return new ShareBars.Bar("rank " + rank.rank() + " on " + rank.host(), lengths, marked);
  }

  /** Seconds a step. */
  private static double own(RunEvent.RankTimes rank) {
    return rank.ownSeconds() / Math.max(1, rank.steps());
  }

  private static double millis(RunEvent.RankTimes rank, String part) {
    return 1e3 * rank.seconds().getOrDefault(part, 0.) / Math.max(1, rank.steps());
  }
}
