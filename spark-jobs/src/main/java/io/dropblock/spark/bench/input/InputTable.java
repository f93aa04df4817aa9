package io.dropblock.spark.bench.input;

import java.util.Locale;

/** The figures as people read them. */
public final class InputTable {
  private static final int LABEL = 28;
  private static final int CELL = 12;

  private final InputResults results;
  private final StringBuilder text = new StringBuilder();

  private InputTable(InputResults results) {
    this.results = results;
  }

  /** Renders the figures of a run. */
  public static String of(InputResults results) {
    return new InputTable(results).render();
  }

  private String render() {
    InputPlan plan = results.plan();
    line(
        "%d x %d training crops of the %d images of %s, batches of %d, %d thread%s",
        plan.size(),
        plan.size(),
        results.images(),
        plan.data(),
        plan.batch(),
        plan.threads(),
        plan.threads() == 1 ? "" : "s");
    line("%s", results.machine());
    line("JPEGs by %s", results.decoder());
    results.machine().warning().ifPresent(warning -> line("%s", warning));
    line("");
    row("images/s", "a core", "all", "least", "most");
    for (InputFigure figure : results.figures()) {
      row(
          figure.what().label(),
          number(results.aCore(figure)),
          number(figure.median()),
          number(figure.least()),
          number(figure.most()));
    }
    line("");
    row("target", "is", "shall be", "");
    row(
        "feed / decode and augment",
        format("%.2f", results.share()),
        format(">= %.2f", InputResults.LEAST_SHARE),
        results.reached() ? "reached" : "MISSED");
    line("");
    row(
        "memory over %d epochs".formatted(plan.pace().epochs()),
        format("%+.1f MiB", results.growth()));
    line("");
    line("all: the median of %d repetitions, all threads together.", plan.pace().repetitions());
    return text.toString();
  }

  private void row(String label, String... cells) {
    StringBuilder row = new StringBuilder(format("%-" + LABEL + "s", label));
    for (String cell : cells) {
      row.append(format("%" + CELL + "s", cell));
    }
    line("%s", row.toString().stripTrailing());
  }

  private void line(String pattern, Object... values) {
    text.append(format(pattern, values)).append(System.lineSeparator());
  }

  private static String number(double value) {
    return format("%.0f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
