package io.dropblock.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cli.Answer;
import java.util.List;

/** Commands, as submit.sh runs them, in this JVM while no session of Spark is there. */
final class Commands {
  private static final List<String> PROPERTIES = List.of("spark.master", "spark.ui.enabled");

  private Commands() {}

  static void run(String... arguments) {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    try {
      assertThat(Answer.to(arguments).error()).isEmpty();
    } finally {
      PROPERTIES.forEach(System::clearProperty);
    }
  }
}
