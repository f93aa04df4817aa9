package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the tasks of a host have as many processors as they compute with threads. */
final class Threads {
  static final String NAME = "threads";

  private Threads() {}

  /**
   * @param slots an answer of each task slot
   */
  static Finding of(List<ExecutorFacts> slots) {
    Map<String, List<ExecutorFacts>> byHost =
        slots.stream()
            .collect(Collectors.groupingBy(ExecutorFacts::host, TreeMap::new, Collectors.toList()));
    List<String> crowded = new ArrayList<>();
    byHost.forEach(
        (host, here) -> {
          int threads = here.stream().mapToInt(ExecutorFacts::taskCores).sum();
          int processors = here.stream().mapToInt(ExecutorFacts::processors).max().orElse(0);
          if (threads > processors) {
            crowded.add(
                String.format(
                    Locale.ROOT,
                    "%s on %s compute with %s on %s",
                    Count.of(here.size(), "task"),
                    host,
                    Count.of(threads, "thread"),
                    Count.of(processors, "processor")));
          }
        });
    int cores = slots.get(0).taskCores();
    return crowded.isEmpty()
        ? Finding.ok(
            NAME, Count.of(cores, "thread") + " a rank, no more than its host has processors")
        : Finding.warning(
            NAME,
            Several.of(crowded, "hosts"),
            "threads that share a processor stall each other; lower spark.executor.cores or the"
                + " executors of a host");
  }
}
