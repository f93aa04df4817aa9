package io.dropblock.bench.averaging;

import io.dropblock.bench.figure.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * Rounds without Spark, of all processes together.
 *
 * @param milliseconds of a round, that of the slowest process
 * @param cpuMilliseconds of a process a round, a mean
 * @param bytesSent of a process a round, the most of them
 * @param residentGrowth MiB, the most of a process
 * @param heapGrowth MiB, the most of a process
 */
record RoundsFigure(
    Spread milliseconds,
    double cpuMilliseconds,
    long bytesSent,
    double residentGrowth,
    double heapGrowth) {

  /**
   * @param ranks at least one, all with the same number of rounds
   */
  static RoundsFigure of(List<RoundsReport> ranks) {
    List<Double> slowest = new ArrayList<>(ranks.get(0).milliseconds());
    for (RoundsReport rank : ranks) {
      for (int round = 0; round < slowest.size(); round++) {
        slowest.set(round, Math.max(slowest.get(round), rank.milliseconds().get(round)));
      }
    }
    return new RoundsFigure(
        Spread.of(slowest),
        ranks.stream().mapToDouble(RoundsReport::cpuMilliseconds).average().orElseThrow(),
        ranks.stream().mapToLong(RoundsReport::bytesSent).max().orElseThrow(),
        ranks.stream().mapToDouble(RoundsReport::residentGrowth).max().orElseThrow(),
        ranks.stream().mapToDouble(RoundsReport::heapGrowth).max().orElseThrow());
  }
}
