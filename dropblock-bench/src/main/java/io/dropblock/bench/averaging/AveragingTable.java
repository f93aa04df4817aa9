package io.dropblock.bench.averaging;

import io.dropblock.bench.averaging.fit.FitFigure;
import io.dropblock.bench.figure.FigureSheet;
import io.dropblock.bench.figure.Spread;
import io.dropblock.bench.figure.Target;
import io.dropblock.spark.text.Table;
import java.util.List;

/** The figures as people read them. */
public final class AveragingTable {
  private static final double BYTES_PER_MEGABYTE = 1e6;

  private final AveragingResults results;
  private final AveragingPlan plan;

  private AveragingTable(AveragingResults results) {
    this.results = results;
    this.plan = results.plan();
  }

  /** Renders the figures of a run. */
  public static String of(AveragingResults results) {
    return new AveragingTable(results).render();
  }

  private String render() {
    FigureSheet sheet = new FigureSheet();
    sheet.line(
        "The mean, or the sum, of %d arrays of %,d floats, between as many JVMs on this machine",
        plan.world(), plan.parameters());
    sheet.machine(results.machine());
    sheet.table(rounds());
    results.encrypted().ifPresent(encrypted -> sheet.table(encryption(encrypted)));
    sheet.table(fits());
    Table targets = Target.table();
    results.targets().forEach(target -> target.addTo(targets));
    sheet.table(targets);
    sheet.table(memory());
    sheet.line("");
    sheet.line(
        "a round: of the slowest rank, of %d rounds; CPU and bytes of one rank.",
        plan.pace().rounds());
    sheet.line("ring: the mean, a segment a rank; chain: the sum, from rank to rank.");
    sheet.line(
        "a round of a fit: (T(m) - T(n)) / (m - n) of fits of m and n rounds, %d times;",
        plan.pace().repetitions());
    sheet.line(
        "  a step of one sample is part of it; step: the same without averaging; cost: the rest.");
    return sheet.toString();
  }

  private Table rounds() {
    Table table = Table.of("a round, ms", "median", "least", "most", "CPU", "MB sent");
    add(table, "ring", results.ring());
    add(table, "chain", results.chain());
    results
        .encrypted()
        .ifPresent(
            encrypted -> {
              add(table, "ring, encrypted", encrypted.ring());
              add(table, "chain, encrypted", encrypted.chain());
            });
    add(table, "bare transfer of the same bytes", results.bare());
    return table;
  }

  private Table encryption(EncryptedRounds encrypted) {
    Table table = Table.of("encrypted / in the clear", "a round", "CPU");
    ratio(table, "ring", encrypted.ring(), results.ring());
    ratio(table, "chain", encrypted.chain(), results.chain());
    return table;
  }

  private static void ratio(Table table, String label, RoundsFigure encrypted, RoundsFigure clear) {
    table.row(
        label,
        number(EncryptedRounds.time(encrypted, clear)),
        number(EncryptedRounds.cpu(encrypted, clear)));
  }

  private static void add(Table table, String label, RoundsFigure figure) {
    Spread round = figure.milliseconds();
    table.row(
        label,
        number(round.median()),
        number(round.least()),
        number(round.most()),
        number(figure.cpuMilliseconds()),
        number(figure.bytesSent() / BYTES_PER_MEGABYTE));
  }

  private Table fits() {
    Table table = Table.of("a round of a fit, ms", "median", "least", "most", "step", "cost");
    for (FitFigure figure : List.of(results.fit(), results.fixed())) {
      add(table, "ring master", figure, figure.ring());
      add(table, "stock master", figure, figure.stock());
    }
    return table;
  }

  private static void add(Table table, String master, FitFigure figure, Spread round) {
    table.row(
        FigureSheet.format("%s, %,d floats", master, figure.parameters()),
        number(round.median()),
        number(round.least()),
        number(round.most()),
        number(figure.stepMilliseconds()),
        number(figure.costOf(round)));
  }

  private Table memory() {
    return Table.of("memory of a rank, growth in MiB", "resident", "heap")
        .row(
            FigureSheet.format(
                "rounds %d to %d", plan.rounds(0).roundsUntilSettled(), plan.pace().rounds()),
            number(results.ring().residentGrowth()),
            number(results.ring().heapGrowth()));
  }

  private static String number(double value) {
    return FigureSheet.format("%.2f", value);
  }
}
