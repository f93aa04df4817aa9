package io.dropblock.spark.report;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an evaluation found: a line, a row for each class where there are some, and notes. */
public final class ScoreTable {
  private static final int FEW = 3;

  private ScoreTable() {}

  /**
   * Renders scores.
   *
   * @param what was measured: {@code demo after 8 epochs}
   * @param images how many
   * @return lines, each with its end
   */
  public static String of(String what, Scores scores, long images) {
    boolean few = scores.details().size() <= FEW;
    Stream<Score> line =
        few
            ? Stream.concat(scores.main().stream(), scores.details().stream())
            : scores.main().stream();
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%s: %s, %,d images%n",
            what,
            line.map(Score::text).collect(Collectors.joining(", ")),
            images));
    if (!few) {
      scores.details().forEach(score -> table.append(row(score)));
    }
    scores.notes().forEach(note -> table.append(String.format(Locale.ROOT, "%s%n", note)));
    return table.toString();
  }

  private static String row(Score score) {
    return String.format(Locale.ROOT, "  %-28s %s%n", score.name(), score.valueText());
  }
}
