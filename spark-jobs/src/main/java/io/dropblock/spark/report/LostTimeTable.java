package io.dropblock.spark.report;

import io.dropblock.spark.chart.ErrorChart;
import io.dropblock.spark.chart.Estimates;
import io.dropblock.spark.scaling.simulation.Cause;
import io.dropblock.spark.scaling.simulation.CheckpointInterval;
import io.dropblock.spark.scaling.simulation.IntervalSweep;
import io.dropblock.spark.scaling.simulation.SweptInterval;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;
import io.dropblock.spark.text.Table.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What simulated runs lost time by, for several numbers of steps between two checkpoints.
 *
 * @param sweep what was simulated
 * @param swept an interval each, rising
 */
public record LostTimeTable(IntervalSweep sweep, List<SweptInterval> swept) {
  private static final double HOUR = 3600;

  /** A row an interval, and which is best. */
  public String text() {
    List<Column> columns = new ArrayList<>(List.of(Column.right("every"), Column.right("that is")));
    Arrays.stream(Cause.values()).forEach(cause -> columns.add(Column.right(cause.title())));
    columns.addAll(
        List.of(
            Column.right("lost"),
            Column.right("deviation"),
            Column.right("lost %"),
            Column.right("failures"),
            Column.right("given up")));
    Table table = Table.of(columns.toArray(Column[]::new));
    swept.forEach(interval -> table.row(row(interval).toArray(String[]::new)));
    return head() + System.lineSeparator() + table + best();
  }

  private String head() {
    return String.format(
        Locale.ROOT,
        "%d ranks, %s of training if nothing holds it up; a host fails every %s, so one of all every"
            + " %s; means of %s%n",
        sweep.failures().ranks(),
        ScaledTime.text(ideal()),
        ScaledTime.text(sweep.failures().hostSeconds()).replace("never ends", "never"),
        ScaledTime.text(sweep.failures().betweenFailures()).replace("never ends", "never"),
        Count.of(sweep.seeds(), "run"));
  }

  private double step() {
    return sweep.work().steps().apply(sweep.failures().ranks()).seconds();
  }

  private double ideal() {
    return sweep.work().allSteps()
            * sweep.work().steps().apply(sweep.failures().ranks()).undisturbed()
        + sweep.work().epochs() * sweep.work().epochSeconds();
  }

  private List<String> row(SweptInterval interval) {
    List<String> row = new ArrayList<>();
    row.add(String.valueOf(interval.every()));
    row.add(ScaledTime.text(interval.every() * step()));
    for (Cause cause : Cause.values()) {
      row.add(interval.ends() ? ScaledTime.text(interval.lost(cause).mean()) : "-");
    }
    row.add(ScaledTime.text(interval.lost().mean()));
    row.add(interval.ends() ? ScaledTime.text(interval.lost().deviation()) : "-");
    row.add(number("%.2f", interval.ends() ? 100 * interval.share().mean() : Double.NaN));
    row.add(number("%.1f", interval.failures().mean()));
    row.add(number("%.2f", interval.givenUp().mean()));
    return row;
  }

  private static String number(String form, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, form, value);
  }

  private String best() {
    SweptInterval best = IntervalSweep.best(swept);
    if (!best.ends()) {
      return String.format(
          Locale.ROOT, "None of them comes to an end: failures come faster than checkpoints%n");
    }
    List<Integer> alike =
        swept.stream()
            .filter(it -> it.lost().mean() - best.lost().mean() <= it.error() + best.error())
            .map(SweptInterval::every)
            .toList();
    String text =
        String.format(
            Locale.ROOT,
            "Best: a checkpoint every %s (%s); within what chance explains: %s%n",
            Count.of(best.every(), "step"),
            ScaledTime.text(best.every() * step()),
            alike.toString().replaceAll("[\\[\\]]", ""));
    double cost = sweep.checkpoints().stall();
    double between = sweep.failures().betweenFailures();
    if (cost == 0 || Double.isInfinite(between)) {
      return text;
    }
    double young = new CheckpointInterval(cost, between).young();
    return text
        + String.format(
            Locale.ROOT,
            "Young's formula: every %s, %.0f steps%s%n",
            ScaledTime.text(young),
            young / step(),
            young < sweep.checkpoints().write() ? ", which is shorter than writing one takes" : "");
  }

  /** Hours lost over steps between two checkpoints, in all and by what depends on them. */
  public ErrorChart chart() {
    return new ErrorChart(
        String.format(
            Locale.ROOT,
            "hours lost, %d ranks, a failure every %s",
            sweep.failures().ranks(),
            ScaledTime.text(sweep.failures().betweenFailures()).replace("never ends", "never")),
        "steps between two checkpoints",
        List.of(
            curve("lost in all", SweptInterval::lost),
            curve(Cause.RECOMPUTED.title(), it -> it.lost(Cause.RECOMPUTED)),
            curve(Cause.CHECKPOINTS.title(), it -> it.lost(Cause.CHECKPOINTS)),
            curve(Cause.FEWER_RANKS.title(), it -> it.lost(Cause.FEWER_RANKS))));
  }

  private Estimates curve(String name, Function<SweptInterval, SweptInterval.Figure> figure) {
    List<SweptInterval> ended = swept.stream().filter(SweptInterval::ends).toList();
    return ended.isEmpty()
        ? new Estimates(name, new double[0], new double[] {0}, new double[] {Double.NaN})
        : new Estimates(
            name,
            ended.stream().mapToDouble(SweptInterval::every).toArray(),
            ended.stream().mapToDouble(it -> figure.apply(it).mean() / HOUR).toArray(),
            ended.stream()
                .mapToDouble(
                    it -> figure.apply(it).deviation() / Math.sqrt(it.runs().size()) / HOUR)
                .toArray());
  }

  /** With a head; seconds. */
  public String csv() {
    StringBuilder csv = new StringBuilder("every,cause,mean_seconds,deviation_seconds,runs\r\n");
    for (SweptInterval interval : swept) {
      csv.append(line(interval, "all", interval.lost()));
      for (Cause cause : Cause.values()) {
        csv.append(line(interval, cause.title(), interval.lost(cause)));
      }
    }
    return csv.toString();
  }

  private static String line(SweptInterval interval, String what, SweptInterval.Figure figure) {
    return String.format(
        Locale.ROOT,
        "%d,%s,%s,%s,%d\r\n",
        interval.every(),
        what,
        figure.mean(),
        figure.deviation(),
        interval.runs().size());
  }
}
