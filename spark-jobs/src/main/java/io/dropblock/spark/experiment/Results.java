package io.dropblock.spark.experiment;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.chart.Chart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What an experiment came to so far, row by row and place by place. */
public final class Results {
  private final Headings headings;
  private final List<Point> points;

  /**
   * @param headings what stands above
   * @param rows in their order
   * @param cells all there are, done or not
   * @param outcomes of those that are done
   */
  public Results(Headings headings, List<Row> rows, List<Place> cells, List<Outcome> outcomes) {
    this.headings = headings;
    this.points = points(rows, cells, outcomes);
  }

  /**
   * What stands above and below.
   *
   * @param title of table and figure
   * @param axis what the figure goes along; empty for a table
   * @param baseline name of the row that others are compared with; empty for none
   */
  public record Headings(String title, Optional<String> axis, Optional<String> baseline) {}

  private static List<Point> points(List<Row> rows, List<Place> cells, List<Outcome> outcomes) {
    List<Point> points = new ArrayList<>();
    for (Row row : rows) {
      Map<OptionalDouble, Integer> planned = new LinkedHashMap<>();
      cells.stream()
          .filter(cell -> cell.row().equals(row.name()))
          .forEach(cell -> planned.merge(cell.x(), 1, Integer::sum));
      planned.forEach(
          (x, count) ->
              points.add(
                  new Point(
                      row,
                      x,
                      count,
                      outcomes.stream()
                          .filter(it -> it.place().row().equals(row.name()))
                          .filter(it -> it.place().x().equals(x))
                          .toList())));
    }
    return points;
  }

  Headings headings() {
    return headings;
  }

  List<Point> points() {
    return points;
  }

  List<Outcome> outcomes() {
    return points.stream().flatMap(point -> point.outcomes().stream()).toList();
  }

  /** The scores that cells are compared by, the primary one first. */
  List<Score> scores() {
    Map<String, Score> scores = new LinkedHashMap<>();
    outcomes().stream()
        .map(Outcome::best)
        .flatMap(it -> compared(it).stream())
        .forEach(score -> scores.putIfAbsent(score.name(), score));
    return List.copyOf(scores.values());
  }

  /** The main scores, then details of the whole, such as cross entropy, but none of a class. */
  static List<Score> compared(Scores scores) {
    List<Score> compared = new ArrayList<>(scores.main());
    scores.details().stream().filter(it -> it.unit() == Score.Unit.NUMBER).forEach(compared::add);
    return compared;
  }

  /** What a point is compared with: the baseline at the same place, or at its only one. */
  Optional<Point> baseline(Point point) {
    List<Point> base =
        points.stream()
            .filter(it -> headings.baseline().equals(Optional.of(it.row().name())))
            .toList();
    return base.stream()
        .filter(it -> it.x().equals(point.x()) || base.size() == 1)
        .filter(it -> it != point)
        .findFirst();
  }

  /** As people read it, with a line for each place of each row. */
  public String table() {
    return new ResultTable(this).text();
  }

  /** Each cell's scores, a line each, for other programs: comma-separated values. */
  public String csv() {
    return new ResultTable(this).csv();
  }

  /**
   * Means with their deviations, a figure for each score: curves along the axis, or a line for each
   * row.
   *
   * @return by name: {@code figure} is that of the primary score, {@code figure-top-5} that of
   *     top-5; empty if nothing is measured yet
   */
  public Map<String, Chart> figures() {
    Map<String, Chart> figures = new LinkedHashMap<>();
    for (Score score : scores()) {
      String name = figures.isEmpty() ? "" : "-" + score.name().replaceAll("[^A-Za-z0-9]+", "-");
      figures.put("figure" + name, new ResultFigure(this, score).chart());
    }
    return figures;
  }
}
