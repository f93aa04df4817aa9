package io.dropblock.spark.experiment;

import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.chart.Chart;
import io.dropblock.spark.chart.ErrorChart;
import io.dropblock.spark.chart.Estimates;
import io.dropblock.spark.chart.RowChart;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A score as a figure: its mean in the best epochs, with its deviation over the seeds. */
record ResultFigure(Results results, Score score) {

  Chart chart() {
    Shown shown = new Shown(score);
    String title = results.headings().title();
    List<Point> measured =
        results.points().stream()
            .filter(point -> point.score(score.name(), Outcome::best).isPresent())
            .toList();
    if (results.headings().axis().isPresent()) {
      List<Estimates> curves =
          measured.stream()
              .map(Point::row)
              .distinct()
              .map(row -> shown.curve(row, measured.stream().filter(it -> it.row().equals(row))))
              .toList();
      return new ErrorChart(
          title + ": " + shown.name(), results.headings().axis().orElseThrow(), curves);
    }
    List<Estimates> rows =
        measured.stream().map(point -> shown.curve(point.row(), Stream.of(point))).toList();
    return new RowChart(title, shown.name(), rows);
  }

  /** Points as a score shows them. */
  private record Shown(Score score) {
    String name() {
      return score.name() + (score.unit() == Score.Unit.SHARE ? ", best epoch, %" : ", best epoch");
    }

    Estimates curve(Row row, Stream<Point> points) {
      List<Point> sorted =
          points.sorted(Comparator.comparingDouble(it -> it.x().orElse(0))).toList();
      double factor = score.unit() == Score.Unit.SHARE ? 100 : 1;
      List<Sample> samples =
          sorted.stream()
              .map(point -> point.score(score.name(), Outcome::best).orElseThrow())
              .toList();
      return new Estimates(
          row.title(),
          sorted.stream().flatMapToDouble(point -> point.x().stream()).toArray(),
          samples.stream().mapToDouble(sample -> factor * sample.mean()).toArray(),
          samples.stream().mapToDouble(sample -> factor * sample.deviation()).toArray());
    }
  }
}
