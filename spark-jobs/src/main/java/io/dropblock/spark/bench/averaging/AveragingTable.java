package io.dropblock.spark.bench.averaging;

import io.dropblock.spark.bench.FigureTable;
import java.util.Locale;

/** The figures as people read them. */
public final class AveragingTable {
  private static final int LABEL = 36;
  private static final int CELL = 12;
  private static final double BYTES_PER_MEGABYTE = 1e6;

  private final AveragingResults results;
  private final AveragingPlan plan;
  private final FigureTable table = new FigureTable(LABEL, CELL);

  private AveragingTable(AveragingResults results) {
    this.results = results;
    this.plan = results.plan();
  }

  /** Renders the figures of a run. */
  public static String of(AveragingResults results) {
    return new AveragingTable(results).render();
  }

  private String render() {
    table.line(
        "The mean of %d arrays of %,d floats, between as many JVMs on this machine",
        plan.world(), plan.parameters());
    table.line("%s", results.machine());
    results.machine().warning().ifPresent(warning -> table.line("%s", warning));
    table.line("");
    table.row("a round, ms", "median", "least", "most", "CPU", "MB sent");
    rounds("ring", results.ring());
    rounds("bare transfer of the same bytes", results.bare());
    table.line("");
    table.row("a round of a fit, ms", "median", "least", "most", "step", "cost");
    fits(results.fit());
    fits(results.fixed());
    table.line("");
    table.row("target", "is", "shall be", "");
    results.targets().forEach(this::target);
    table.line("");
    table.row("memory of a rank, growth in MiB", "resident", "heap");
    table.row(
        String.format(
            Locale.ROOT,
            "rounds %d to %d",
            plan.rounds(0).roundsUntilSettled(),
            plan.pace().rounds()),
        number(results.ring().residentGrowth()),
        number(results.ring().heapGrowth()));
    table.line("");
    table.line(
        "a round: of the slowest rank, of %d rounds; CPU and bytes of one rank.",
        plan.pace().rounds());
    table.line(
        "a round of a fit: (T(m) - T(n)) / (m - n) of fits of m and n rounds, %d times;",
        plan.pace().repetitions());
    table.line(
        "  a step of one sample is part of it; step: the same without averaging; cost: the rest.");
    return table.toString();
  }

  private void rounds(String label, RoundsFigure figure) {
    Spread round = figure.milliseconds();
    table.row(
        label,
        number(round.median()),
        number(round.least()),
        number(round.most()),
        number(figure.cpuMilliseconds()),
        number(figure.bytesSent() / BYTES_PER_MEGABYTE));
  }

  private void fits(FitFigure figure) {
    fit("ring master", figure, figure.ring());
    fit("stock master", figure, figure.stock());
  }

  private void fit(String master, FitFigure figure, Spread round) {
    table.row(
        FigureTable.format("%s, %,d floats", master, figure.parameters()),
        number(round.median()),
        number(round.least()),
        number(round.most()),
        number(figure.stepMilliseconds()),
        number(figure.costOf(round)));
  }

  private void target(AveragingTarget target) {
    table.row(
        target.what(),
        number(target.value()),
        (target.upper() ? "<= " : ">= ") + number(target.limit()),
        target.reached() ? "reached" : "MISSED");
  }

  private static String number(double value) {
    return FigureTable.format("%.2f", value);
  }
}
