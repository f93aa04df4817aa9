package io.dropblock.spark.cli;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Names of run folders for those who do not choose one. */
final class RunNames {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private RunNames() {}

  /** {@code runs/<name>-<time>}. */
  static String fresh(String name) {
    return "runs/" + name + "-" + LocalDateTime.now().format(TIME);
  }
}
