package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Bytes;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.reach.Call;
import io.dropblock.spark.preflight.reach.RankCalls;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether ranks reach each other in both directions, and how fast. */
final class Connections {
  static final String NAME = "connections";
  private static final int MUCH_SLOWER = 4;
  private static final String CURE =
      "open TCP between these hosts, at spark.dropblock.ring.ports, and see that hosts have the"
          + " address that others reach (SPARK_LOCAL_IP)";

  /** A call and who made it. */
  private record Made(RankCalls from, Call call) {}

  private Connections() {}

  /**
   * @param ranks all of them
   * @param need of a recipe, if there is one: what a step sends
   */
  static Finding of(List<RankCalls> ranks, Optional<Need> need) {
    if (ranks.size() == 1) {
      return Finding.ok(NAME, "one rank, which calls nobody");
    }
    List<String> deaf =
        ranks.stream()
            .filter(rank -> !rank.trouble().isEmpty())
            .map(rank -> rank.name() + " " + rank.trouble())
            .toList();
    if (!deaf.isEmpty()) {
      return Finding.fault(
          NAME,
          Several.of(deaf, "ranks"),
          "widen spark.dropblock.ring.ports: more ports than ranks on a host");
    }
    Map<Integer, RankCalls> byRank =
        ranks.stream().collect(Collectors.toMap(RankCalls::rank, Function.identity()));
    List<String> failures = new ArrayList<>();
    List<Made> rates = new ArrayList<>();
    for (RankCalls from : ranks) {
      for (Call call : from.calls()) {
        if (!call.failure().isEmpty()) {
          failures.add(words(from, byRank.get(call.to()), call));
        } else if (call.bytes() > 0) {
          rates.add(new Made(from, call));
        }
      }
    }
    if (!failures.isEmpty()) {
      return Finding.fault(NAME, Several.of(failures, "connections"), CURE);
    }
    int calls = ranks.stream().mapToInt(rank -> rank.calls().size()).sum();
    return rates.isEmpty()
        ? Finding.ok(NAME, Count.of(calls, "connection") + ", no time to measure their rate")
        : rated(rates, byRank, calls, need);
  }

  private static Finding rated(
      List<Made> rates, Map<Integer, RankCalls> byRank, int calls, Optional<Need> need) {
    List<Made> sorted =
        rates.stream()
            .sorted(Comparator.comparingDouble(made -> made.call().bytesPerSecond()))
            .toList();
    Made least = sorted.get(0);
    double slowest = least.call().bytesPerSecond();
    double middle = sorted.get(sorted.size() / 2).call().bytesPerSecond();
    if (slowest * MUCH_SLOWER < middle) {
      return Finding.warning(
          NAME,
          String.format(
              Locale.ROOT,
              "%s sends %s to %s, and half of the others %s or more",
              least.from().name(),
              Bytes.rate(slowest),
              byRank.get(least.call().to()).name(),
              Bytes.rate(middle)),
          "all ranks wait for the slowest connection; look at the network between these hosts");
    }
    String step =
        need.map(
                it ->
                    String.format(
                        Locale.ROOT,
                        "; the gradients of a step take about %.2f s there",
                        2.0 * Float.BYTES * it.parameters() / slowest))
            .orElse("");
    return Finding.ok(
        NAME,
        String.format(
            Locale.ROOT,
            "%s, %s at the slowest, all at once%s",
            Count.of(calls, "connection"),
            Bytes.rate(slowest),
            step));
  }

  private static String words(RankCalls from, RankCalls to, Call call) {
    boolean backToo =
        to.calls().stream().anyMatch(back -> back.to() == from.rank() && !back.failure().isEmpty());
    return String.format(
        Locale.ROOT,
        "%s cannot reach %s%s: %s",
        from.name(),
        to.name(),
        backToo ? ", nor the other way" : "",
        call.failure());
  }
}
