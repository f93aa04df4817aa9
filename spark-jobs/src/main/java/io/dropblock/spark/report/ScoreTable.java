package io.dropblock.spark.report;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an evaluation found: a line, a row for each class where there are some, and notes. */
public final class ScoreTable {
  private static final int FEW = 3;
  private static final int MANY = 100;
  private static final int LOWEST = 20;

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
      table.append(rows(scores.details()));
    }
    scores.notes().forEach(note -> table.append(String.format(Locale.ROOT, "%s%n", note)));
    return table.toString();
  }

  /** All of them, or the lowest shares where nobody would read all. */
  private static String rows(List<Score> details) {
    if (details.size() <= MANY) {
      return details.stream().map(ScoreTable::row).collect(Collectors.joining());
    }
    String lowest =
        details.stream()
            .filter(score -> score.unit() == Score.Unit.SHARE && !Double.isNaN(score.value()))
            .sorted(Comparator.comparingDouble(Score::value))
            .limit(LOWEST)
            .map(ScoreTable::row)
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        "The lowest %d of %,d further scores; all of them: --json FILE%n%s",
        LOWEST,
        details.size(),
        lowest);
  }

  private static String row(Score score) {
    return String.format(Locale.ROOT, "  %-28s %s%n", score.name(), score.valueText());
  }
}
