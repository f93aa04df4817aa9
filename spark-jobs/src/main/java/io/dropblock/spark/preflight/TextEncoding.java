package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import java.util.List;

/** Whether executors can read names of files that are not ASCII. */
final class TextEncoding {
  static final String NAME = "text";
  private static final String UTF_8 = "UTF-8";

  private TextEncoding() {}

  static Finding of(List<ExecutorFacts> executors) {
    List<String> others =
        executors.stream()
            .filter(facts -> !facts.text().equalsIgnoreCase(UTF_8))
            .map(facts -> facts.name() + " has " + facts.text())
            .distinct()
            .toList();
    return others.isEmpty()
        ? Finding.ok(NAME, UTF_8 + ", locale " + executors.get(0).locale())
        : Finding.warning(
            NAME,
            Several.of(others, "executors")
                + ": it cannot open files with other letters in their"
                + " names",
            "set LC_ALL=C.UTF-8 there, --conf spark.executorEnv.LC_ALL=C.UTF-8");
  }
}
