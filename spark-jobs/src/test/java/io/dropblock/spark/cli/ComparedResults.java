package io.dropblock.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** An experiment's {@code results.csv}, to be compared with another's. */
final class ComparedResults {
  private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+(E-\\d+)?");

  private ComparedResults() {}

  /**
   * Its lines, with numbers of twelve digits: a mean's last ones depend on which task ended first,
   * and on how many there were.
   */
  static List<String> of(Path experiment) throws IOException {
    return Files.readAllLines(experiment.resolve("results.csv")).stream()
        .map(ComparedResults::rounded)
        .toList();
  }

  private static String rounded(String line) {
    return NUMBER
        .matcher(line)
        .replaceAll(
            found -> String.format(Locale.ROOT, "%.11e", Double.parseDouble(found.group())));
  }
}
