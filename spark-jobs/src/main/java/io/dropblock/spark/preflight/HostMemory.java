package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Bytes;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the executors of a host fit into its memory, with what their ranks need. */
final class HostMemory {
  static final String NAME = "host memory";

  private HostMemory() {}

  /**
   * @param slots an answer of each task slot
   * @param need of a rank
   */
  static Finding of(List<ExecutorFacts> slots, Need need) {
    Map<String, List<ExecutorFacts>> byHost =
        slots.stream()
            .collect(Collectors.groupingBy(ExecutorFacts::host, TreeMap::new, Collectors.toList()));
    List<String> faults = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<String> all = new ArrayList<>();
    byHost.forEach(
        (host, here) -> {
          Map<String, ExecutorFacts> processes = new LinkedHashMap<>();
          here.forEach(facts -> processes.putIfAbsent(facts.executor(), facts));
          long heaps = processes.values().stream().mapToLong(facts -> facts.memory().heap()).sum();
          long machine = here.get(0).memory().machine();
          long asked = heaps + here.size() * need.outside() + processes.size() * Need.REST;
          String words =
              String.format(
                  Locale.ROOT,
                  "%s on %s may take %s (heaps %s), and its memory is %s",
                  Count.of(here.size(), "rank"),
                  host,
                  Bytes.of(asked),
                  Bytes.of(heaps),
                  Bytes.of(machine));
          all.add(words);
          if (here.size() * need.least() > machine) {
            faults.add(words);
          } else if (asked > machine) {
            warnings.add(words);
          }
        });
    String next = "take fewer executors a host, a smaller heap, or lower train.local_batch";
    if (!faults.isEmpty()) {
      return Finding.fault(NAME, Several.of(faults, "hosts"), next);
    }
    return warnings.isEmpty()
        ? Finding.ok(NAME, Several.of(all, "hosts"))
        : Finding.warning(NAME, Several.of(warnings, "hosts"), next);
  }
}
