package io.dropblock.bench.averaging;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.process.Child;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The JVMs of rounds without Spark, one a rank. Each says its port, is told those of all, runs its
 * rounds and reports.
 */
final class Processes {
  private static final List<String> OPTIONS =
      List.of(
          // The whole heap is resident from the start: the resident size grows with what is not
          // heap
          "-XX:+UseG1GC",
          "-Xms256m",
          "-Xmx256m",
          "-XX:+AlwaysPreTouch",
          // Two arrays of the most parameters and more
          "-XX:MaxDirectMemorySize=4g");

  private Processes() {}

  /**
   * Starts them and waits for their reports.
   *
   * @param main the program of a process
   * @param encrypted whether the ring is encrypted
   * @throws MeasurementException if one fails
   */
  static RoundsFigure measure(Class<?> main, AveragingPlan plan, boolean encrypted) {
    List<Child> ranks = new ArrayList<>();
    try {
      for (int rank = 0; rank < plan.world(); rank++) {
        ranks.add(Child.start(main, plan.rounds(rank, encrypted), OPTIONS, Map.of()));
      }
      String ports = ranks.stream().map(Child::answer).collect(Collectors.joining(" "));
      ranks.forEach(rank -> rank.tell(ports));
      return RoundsFigure.of(ranks.stream().map(rank -> rank.answer(RoundsReport.class)).toList());
    } finally {
      ranks.forEach(Child::close);
    }
  }
}
