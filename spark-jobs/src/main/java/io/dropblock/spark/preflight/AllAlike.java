package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether something is the same on all executors, and on the driver where that counts.
 *
 * @param check its name
 * @param what it is, of an executor
 * @param driver what it is on the driver; empty where that does not matter
 * @param otherwise what it is where they differ
 * @param next what to do then
 */
record AllAlike(
    String check,
    Function<ExecutorFacts, String> what,
    String driver,
    Verdict otherwise,
    String next) {

  /** Java, and our program: a host with another one may compute other numbers, or fail. */
  static AllAlike program(String java, String build) {
    return new AllAlike(
        "program",
        facts -> facts.program() + ", Java " + facts.java(),
        build + ", Java " + java,
        Verdict.FAULT,
        "install the same Java everywhere, and give all hosts the same jar (--jar)");
  }

  /** Ranks wait for the slowest one, and other instructions may round otherwise. */
  static AllAlike processors() {
    return new AllAlike(
        "processors",
        ExecutorFacts::processor,
        "",
        Verdict.WARNING,
        "all ranks wait for the slowest one; take hosts of one kind where you can");
  }

  /** Nothing of ours depends on it, but what people read in logs does. */
  static AllAlike zones(String driver) {
    return new AllAlike(
        "time zone",
        ExecutorFacts::zone,
        driver,
        Verdict.WARNING,
        "a training does not mind, but times in logs differ; set TZ alike");
  }

  Finding of(List<ExecutorFacts> executors) {
    Map<String, List<String>> byValue =
        executors.stream()
            .collect(
                Collectors.groupingBy(
                    what,
                    TreeMap::new,
                    Collectors.mapping(ExecutorFacts::name, Collectors.toList())));
    if (!driver.isEmpty()) {
      byValue.computeIfAbsent(driver, value -> new ArrayList<>()).add("the driver");
    }
    if (byValue.size() == 1) {
      return Finding.ok(check, byValue.keySet().iterator().next());
    }
    String seen =
        byValue.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "%s on %s",
                        entry.getKey(),
                        Several.of(entry.getValue().stream().distinct().toList(), "like it")))
            .collect(Collectors.joining(", but "));
    return new Finding(check, otherwise, seen, next);
  }
}
