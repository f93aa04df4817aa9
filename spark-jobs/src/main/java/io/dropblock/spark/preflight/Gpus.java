package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import java.util.List;

/** Whether ranks have GPUs that they can train on. */
final class Gpus {
  static final String NAME = "GPUs";

  private Gpus() {}

  static Finding of(List<ExecutorFacts> slots) {
    List<String> faults =
        slots.stream()
            .filter(facts -> !facts.gpu().fault().isEmpty())
            .map(facts -> facts.gpu().fault())
            .distinct()
            .toList();
    if (!faults.isEmpty()) {
      return Finding.fault(NAME, Several.of(faults, "GPUs"), "see docs/how-to/use-gpus.md");
    }
    return Finding.ok(
        NAME,
        Several.of(
            slots.stream().map(facts -> facts.name() + ", " + facts.gpu().seen()).toList(),
            "ranks"));
  }
}
