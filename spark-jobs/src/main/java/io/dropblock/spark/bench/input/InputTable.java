package io.dropblock.spark.bench.input;

import io.dropblock.spark.bench.FigureTable;
import java.util.Locale;

/** The figures as people read them. */
public final class InputTable {
  private static final int LABEL = 28;
  private static final int CELL = 12;

  private final InputResults results;
  private final FigureTable table = new FigureTable(LABEL, CELL);

  private InputTable(InputResults results) {
    this.results = results;
  }

  /** Renders the figures of a run. */
  public static String of(InputResults results) {
    return new InputTable(results).render();
  }

  private String render() {
    InputPlan plan = results.plan();
    table.line(
        "%d x %d training crops of the %d images of %s, batches of %d, %d thread%s",
        plan.size(),
        plan.size(),
        results.images(),
        plan.data(),
        plan.batch(),
        plan.threads(),
        plan.threads() == 1 ? "" : "s");
    table.line("%s", results.machine());
    table.line(
        "JPEGs by %s, %s",
        results.decoder(),
        plan.scaledDecoding()
            ? "large crops at a half to an eighth of their size (data.scaled_decoding: true)"
            : "at full size");
    results.machine().warning().ifPresent(warning -> table.line("%s", warning));
    table.line("");
    table.row("images/s", "a core", "all", "least", "most");
    for (InputFigure figure : results.figures()) {
      table.row(
          figure.what().label(),
          number(results.aCore(figure)),
          number(figure.median()),
          number(figure.least()),
          number(figure.most()));
    }
    table.line("");
    table.row("target", "is", "shall be", "");
    table.row(
        "feed / decode and augment",
        FigureTable.format("%.2f", results.share()),
        FigureTable.format(">= %.2f", InputResults.LEAST_SHARE),
        results.reached() ? "reached" : "MISSED");
    table.line("");
    table.row(
        String.format(Locale.ROOT, "memory over %d epochs", plan.pace().epochs()),
        FigureTable.format("%+.1f MiB", results.growth()));
    table.line("");
    table.line(
        "all: the median of %d repetitions, all threads together.", plan.pace().repetitions());
    return table.toString();
  }

  private static String number(double value) {
    return FigureTable.format("%.0f", value);
  }
}
