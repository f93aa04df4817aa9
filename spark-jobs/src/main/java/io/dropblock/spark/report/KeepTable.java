package io.dropblock.spark.report;

import io.dropblock.spark.analyze.KeepStudy;
import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.chart.Series;
import io.dropblock.spark.text.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What share DropBlock keeps beside what it is told to, as a table, charts, and rows for programs.
 *
 * @param rows of the study
 */
public record KeepTable(List<KeepStudy.Row> rows) {

  /** A row for each combination. */
  public String text() {
    Table table =
        Table.of(
            "map", "block", "keep", "gamma", "expected", "realised", "std error", "errors off");
    for (KeepStudy.Row row : rows) {
      table.row(
          row.geometry().height() + "x" + row.geometry().width(),
          block(row),
          String.valueOf(row.nominal()),
          String.format(Locale.ROOT, "%.6f", row.gamma()),
          String.format(Locale.ROOT, "%.5f", row.expected()),
          String.format(Locale.ROOT, "%.5f", row.realised()),
          String.format(Locale.ROOT, "%.5f", row.error()),
          String.format(Locale.ROOT, "%.1f", row.deviations()));
    }
    return table.toString();
  }

  private static String block(KeepStudy.Row row) {
    int side = row.geometry().blockHeight();
    return side == row.block() ? String.valueOf(side) : row.block() + " (" + side + ")";
  }

  /** The kept share over the keep probability, by the side of the map. */
  public Map<Integer, LineChart> charts() {
    Map<Integer, List<KeepStudy.Row>> ofMaps = new LinkedHashMap<>();
    rows.forEach(
        row -> ofMaps.computeIfAbsent(row.geometry().height(), side -> new ArrayList<>()).add(row));
    Map<Integer, LineChart> charts = new LinkedHashMap<>();
    ofMaps.forEach((side, some) -> charts.put(side, chart(side, some)));
    return charts;
  }

  private static LineChart chart(int side, List<KeepStudy.Row> rows) {
    List<KeepStudy.Row> rising =
        rows.stream().sorted(Comparator.comparingDouble(KeepStudy.Row::nominal)).toList();
    List<Series> series = new ArrayList<>();
    Map<Integer, List<KeepStudy.Row>> ofBlocks = new LinkedHashMap<>();
    rows.forEach(row -> ofBlocks.put(row.block(), new ArrayList<>()));
    rising.forEach(row -> ofBlocks.get(row.block()).add(row));
    ofBlocks.forEach(
        (block, some) ->
            series.add(
                new Series(
                    "block " + block + ", expected",
                    some.stream().mapToDouble(KeepStudy.Row::nominal).toArray(),
                    some.stream().mapToDouble(KeepStudy.Row::expected).toArray())));
    series.add(dots(rising));
    String title = String.format(Locale.ROOT, "kept share, maps of %d x %d", side, side);
    return new LineChart(title, "nominal keep probability", series, List.of(), false);
  }

  /** Nothing between two of them, so that none is joined to the next. */
  private static Series dots(List<KeepStudy.Row> rising) {
    double[] x = new double[2 * rising.size()];
    double[] y = new double[2 * rising.size()];
    for (int i = 0; i < rising.size(); i++) {
      x[2 * i] = rising.get(i).nominal();
      x[2 * i + 1] = rising.get(i).nominal();
      y[2 * i] = rising.get(i).realised();
      y[2 * i + 1] = Double.NaN;
    }
    return new Series("realised by the op", x, y);
  }

  /** With a head. */
  public String csv() {
    return rows.stream()
        .map(
            row ->
                String.format(
                    Locale.ROOT,
                    "%d,%d,%d,%s,%s,%s,%s,%s\r\n",
                    row.geometry().height(),
                    row.block(),
                    row.geometry().blockHeight(),
                    row.nominal(),
                    row.gamma(),
                    row.expected(),
                    row.realised(),
                    row.error()))
        .collect(
            Collectors.joining(
                "",
                "map,block,clipped_block,keep_probability,gamma,expected,realised,std_error\r\n",
                ""));
  }
}
