package io.dropblock.spark.report;

import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.analyze.DropSweep;
import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.chart.Series;
import io.dropblock.spark.text.Table;
import io.dropblock.spark.text.Table.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How networks bear blocks of one size that are dropped at inference, as a table, a chart, and rows
 * for programs.
 *
 * @param block side of the blocks, pixels of the map
 * @param curves by the network's name, in the order in which they are shown; all at the same keep
 *     probabilities
 */
public record SweepTable(int block, Map<String, List<DropSweep.Point>> curves) {
  /** The first line of {@link #csv}. */
  public static final String CSV_HEAD =
      "run,block,keep_probability,images,score,value,kept,kept_expected\r\n";

  /** A row for each keep probability, with what the first network's sites kept. */
  public String text() {
    List<DropSweep.Point> first = first();
    List<Column> columns =
        new ArrayList<>(
            List.of(Column.right("keep"), Column.right("kept %"), Column.right("expected %")));
    curves.keySet().forEach(name -> columns.add(Column.right(name)));
    Table table = Table.of(columns.toArray(Column[]::new));
    for (int i = 0; i < first.size(); i++) {
      int row = i;
      List<String> cells =
          new ArrayList<>(
              List.of(
                  number(first.get(i).keepProbability()),
                  percent(first.get(i).kept().meanRealised()),
                  percent(first.get(i).kept().meanExpected())));
      curves.values().forEach(points -> cells.add(points.get(row).scores().primary().valueText()));
      table.row(cells.toArray(String[]::new));
    }
    return table.toString();
  }

  /** The primary score over the keep probability, a curve for each network. */
  public LineChart chart() {
    String score = first().get(0).scores().primary().name();
    List<Series> series = new ArrayList<>();
    curves.forEach(
        (name, points) -> {
          List<DropSweep.Point> rising =
              points.stream()
                  .sorted(Comparator.comparingDouble(DropSweep.Point::keepProbability))
                  .toList();
          series.add(
              new Series(
                  name,
                  rising.stream().mapToDouble(DropSweep.Point::keepProbability).toArray(),
                  rising.stream().mapToDouble(p -> p.scores().primary().value()).toArray()));
        });
    return new LineChart(
        String.format(Locale.ROOT, "%s with blocks of %d dropped at inference", score, block),
        "keep probability",
        series,
        List.of(),
        false);
  }

  /** A line for each network, keep probability and score, without a head. */
  public String csv() {
    return curves.entrySet().stream()
        .flatMap(curve -> curve.getValue().stream().flatMap(point -> csv(curve.getKey(), point)))
        .collect(Collectors.joining());
  }

  private Stream<String> csv(String name, DropSweep.Point point) {
    return Stream.concat(point.scores().main().stream(), point.scores().details().stream())
        .map(score -> csv(name, point, score));
  }

  private String csv(String name, DropSweep.Point point, Score score) {
    return String.format(
        Locale.ROOT,
        "%s,%d,%s,%d,%s,%s,%s,%s\r\n",
        quoted(name),
        block,
        number(point.keepProbability()),
        point.images(),
        quoted(score.name()),
        score.value(),
        point.kept().meanRealised(),
        point.kept().meanExpected());
  }

  private List<DropSweep.Point> first() {
    return curves.values().iterator().next();
  }

  private static String quoted(String text) {
    return text.chars().anyMatch(it -> ",\"\r\n".indexOf(it) >= 0)
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  private static String number(double value) {
    return String.valueOf(value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}
