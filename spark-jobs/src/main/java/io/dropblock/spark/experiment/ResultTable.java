package io.dropblock.spark.experiment;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.text.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Results as text. */
final class ResultTable {
  private static final int MOST_SCORES = 3;

  private final Results results;

  ResultTable(Results results) {
    this.results = results;
  }

  /** A table for each score, the primary one first. */
  String text() {
    List<Score> scores = results.scores();
    if (scores.isEmpty()) {
      return table(List.of("seeds"), this::seeds).toString();
    }
    List<String> headings = new ArrayList<>(List.of("seeds", "best epoch", "best", "last"));
    results.headings().baseline().ifPresent(name -> headings.add("to " + name + " [95 %]"));
    return scores.stream()
        .limit(MOST_SCORES)
        .map(
            score ->
                score.name() + unit(score) + "\n" + table(headings, point -> numbers(point, score)))
        .collect(Collectors.joining("\n"));
  }

  private Table table(List<String> headings, Function<Point, List<String>> numbers) {
    Optional<String> axis = results.headings().axis();
    List<String> all = new ArrayList<>(axis.stream().toList());
    all.addAll(headings);
    Table table = Table.of("row", all.toArray(String[]::new));
    for (Point point : results.points()) {
      List<String> cells = new ArrayList<>(List.of(point.row().title()));
      axis.ifPresent(name -> cells.add(number(point.x())));
      cells.addAll(numbers.apply(point));
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private List<String> seeds(Point point) {
    return List.of(point.outcomes().size() + "/" + point.planned());
  }

  private List<String> numbers(Point point, Score score) {
    List<String> numbers = new ArrayList<>(seeds(point));
    numbers.add(text(point.bestEpoch(), it -> String.format(Locale.ROOT, "%.1f", it.mean())));
    numbers.add(mean(point, score, Outcome::best));
    numbers.add(mean(point, score, Outcome::last));
    if (results.headings().baseline().isPresent()) {
      numbers.add(
          text(
              results.baseline(point).flatMap(base -> point.minus(base, score.name())),
              sample -> sample.interval(factor(score))));
    }
    return numbers;
  }

  private static String mean(Point point, Score score, Function<Outcome, Scores> which) {
    return text(point.score(score.name(), which), sample -> sample.text(factor(score)));
  }

  private static String text(Optional<Sample> sample, Function<Sample, String> words) {
    return sample.map(words).orElse("");
  }

  private static double factor(Score score) {
    return score.unit() == Score.Unit.SHARE ? 100 : 1;
  }

  private static String unit(Score score) {
    return score.unit() == Score.Unit.SHARE ? " %" : "";
  }

  private static String number(OptionalDouble x) {
    return x.isEmpty()
        ? ""
        : BigDecimal.valueOf(x.getAsDouble()).stripTrailingZeros().toPlainString();
  }

  String csv() {
    StringBuilder csv = new StringBuilder("cell,row,x,seed,best_epoch,score,best,last\n");
    for (Outcome outcome : results.outcomes()) {
      Place place = outcome.place();
      for (Score score : Results.compared(outcome.best())) {
        csv.append(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%d,%s,%s,%s%n",
                place.cell(),
                place.row(),
                number(place.x()),
                place.seed(),
                outcome.bestEpoch(),
                score.name(),
                score.value(),
                outcome.last().value(score.name()).map(Object::toString).orElse("")));
      }
    }
    return csv.toString();
  }
}
