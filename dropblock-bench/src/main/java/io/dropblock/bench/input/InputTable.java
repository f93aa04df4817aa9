package io.dropblock.bench.input;

import io.dropblock.bench.figure.FigureSheet;
import io.dropblock.bench.figure.Spread;
import io.dropblock.bench.figure.Target;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;

/** The figures as people read them. */
public final class InputTable {
  private InputTable() {}

  /** Renders the figures of a run. */
  public static String of(InputResults results) {
    InputPlan plan = results.plan();
    FigureSheet sheet = new FigureSheet();
    sheet.line(
        "%d x %d training crops of the %s of %s, batches of %d, %s",
        plan.size(),
        plan.size(),
        Count.of(results.images(), "image"),
        plan.data(),
        plan.batch(),
        Count.of(plan.threads(), "thread"));
    sheet.line("%s", results.machine());
    sheet.line(
        "JPEGs by %s, %s",
        results.decoder(),
        plan.scaledDecoding()
            ? "large crops at a half to an eighth of their size (data.scaled_decoding: true)"
            : "at full size");
    results.machine().warning().ifPresent(warning -> sheet.line("%s", warning));
    sheet.table(rates(results));
    Table target = Target.table();
    results.target().addTo(target);
    sheet.table(target);
    sheet.line("");
    sheet.line("memory over %d epochs  %+.1f MiB", plan.pace().epochs(), results.growth());
    sheet.line("");
    sheet.line(
        "all: the median of %d repetitions, all threads together.", plan.pace().repetitions());
    return sheet.toString();
  }

  private static Table rates(InputResults results) {
    Table table = Table.of("images/s", "a core", "all", "least", "most");
    for (InputFigure figure : results.figures()) {
      Spread rate = figure.imagesPerSecond();
      table.row(
          figure.what().label(),
          number(results.aCore(figure)),
          number(rate.median()),
          number(rate.least()),
          number(rate.most()));
    }
    return table;
  }

  private static String number(double value) {
    return FigureSheet.format("%.0f", value);
  }
}
