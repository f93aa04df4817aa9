package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether all executors have come, and answer.
 *
 * @param promised task slots that the settings ask for; empty where the cluster says
 * @param slots that there are
 * @param hosts of the executors that are there, by Spark's name
 * @param answers of those that answered
 * @param limit how long they had, in seconds
 */
public record Executors(
    OptionalInt promised,
    int slots,
    Map<String, String> hosts,
    List<ExecutorFacts> answers,
    long limit) {
  static final String NAME = "executors";

  /** Those that are there and say nothing, for people. */
  List<String> silent() {
    Set<String> heard = answers.stream().map(ExecutorFacts::executor).collect(Collectors.toSet());
    List<String> silent = new ArrayList<>();
    hosts.forEach(
        (id, host) -> {
          if (!heard.contains(id)) {
            silent.add(ExecutorFacts.name(id, host));
          }
        });
    return silent;
  }

  Finding finding() {
    if (!silent().isEmpty()) {
      return Finding.fault(
          NAME,
          String.format(
              Locale.ROOT,
              "no answer from %s within %d s",
              Several.of(silent(), "executors"),
              limit),
          "look at that host, and at the executor's log in the Spark UI");
    }
    String there =
        String.format(
            Locale.ROOT,
            "%s on %s, %s of %s",
            Count.of(hosts.size(), "executor"),
            Count.of(hosts.values().stream().distinct().count(), "host"),
            Count.of(slots, "task slot"),
            Count.of(answers.get(0).taskCores(), "core"));
    if (promised.isPresent() && slots < promised.getAsInt()) {
      return Finding.fault(
          NAME,
          String.format(
              Locale.ROOT,
              "%s, but the settings ask for %s",
              there,
              Count.of(promised.getAsInt(), "task slot")),
          "see the cluster's own pages for why no more come: memory, cores, or a queue; or ask for"
              + " fewer");
    }
    return Finding.ok(NAME, there);
  }
}
