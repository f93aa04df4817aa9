package io.dropblock.spark.cli;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Names of run folders for those who do not choose one. */
final class RunNames {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private RunNames() {}

  /** {@code runs/<name>-<time>}, the time in UTC. */
  static String fresh(String name) {
    return "runs/" + name + "-" + LocalDateTime.now(ZoneOffset.UTC).format(TIME);
  }
}
