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

/** Results as text. */
final class ResultTable {
  private static final int MOST_SCORES = 3;

  private final Results results;

  ResultTable(Results results) {
    this.results = results;
  }

  String text() {
    List<Score> scores = results.scores().stream().limit(MOST_SCORES).toList();
    Optional<String> axis = results.headings().axis();
    List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.left("row")));
    axis.ifPresent(name -> columns.add(Table.Column.right(name)));
    columns.add(Table.Column.right("seeds"));
    columns.add(Table.Column.right("best epoch"));
    for (Score score : scores) {
      columns.add(Table.Column.right(score.name() + " best" + unit(score)));
      columns.add(Table.Column.right("last"));
    }
    if (results.headings().baseline().isPresent()) {
      columns.add(Table.Column.right("to " + results.headings().baseline().get() + " [95 %]"));
    }
    Table table = Table.of(columns.toArray(Table.Column[]::new));
    for (Point point : results.points()) {
      List<String> cells = new ArrayList<>(List.of(point.row().title()));
      axis.ifPresent(name -> cells.add(number(point.x())));
      cells.add(point.outcomes().size() + "/" + point.planned());
      cells.add(text(point.bestEpoch(), mean -> String.format(Locale.ROOT, "%.1f", mean.mean())));
      for (Score score : scores) {
        cells.add(mean(point, score, Outcome::best));
        cells.add(mean(point, score, Outcome::last));
      }
      if (!scores.isEmpty() && results.headings().baseline().isPresent()) {
        Score primary = scores.get(0);
        cells.add(
            text(
                results.baseline(point).flatMap(base -> point.minus(base, primary.name())),
                sample -> sample.interval(factor(primary))));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table.toString();
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
      for (Score score : outcome.best().main()) {
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
