package io.dropblock.spark.bench;

import java.util.Locale;

/** The figures as people read them: a table for each number of threads, and the targets. */
public final class OpTable {
  private static final int LABEL = 30;
  private static final int CELL = 17;

  private final OpResults results;
  private final StringBuilder text = new StringBuilder();

  private OpTable(OpResults results) {
    this.results = results;
  }

  /** Renders the figures of a run. */
  public static String of(OpResults results) {
    return new OpTable(results).render();
  }

  private String render() {
    line("DropBlock op, float NCHW, block %d, keep_prob %.1f", OpBenchmark.BLOCK, keep());
    line("%s", results.machine());
    results.machine().warning().ifPresent(warning -> line("%s", warning));
    for (int threads : results.threads()) {
      times(threads);
      targets(threads);
    }
    line("");
    line("copy is the faster of the two copies, for each shape and number of threads.");
    return text.toString();
  }

  private void times(int threads) {
    line("");
    header(
        String.format(
            Locale.ROOT, "%d thread%s: median ms (x copy)", threads, threads == 1 ? "" : "s"));
    for (OpCase what : OpCase.values()) {
      text.append(pad(what.label()));
      for (TensorShape shape : results.shapes()) {
        double median = results.median(what, shape, threads);
        text.append(cell(median, "%.3f (%.1fx)", results.timesCopy(what, shape, threads)));
      }
      line("");
    }
  }

  private void targets(int threads) {
    line("");
    header("Targets");
    for (OpTarget target : OpTarget.values()) {
      text.append(pad(target.label() + (target.atMost() ? " <= " : " >= ") + limit(target)));
      for (TensorShape shape : results.shapes()) {
        double value = target.value(results, shape, threads);
        text.append(cell(value, "%.2f " + (target.reachedBy(value) ? "reached" : "MISSED"), value));
      }
      line("");
    }
  }

  private void header(String title) {
    text.append(pad(title));
    for (TensorShape shape : results.shapes()) {
      text.append(format("%" + CELL + "s", shape));
    }
    line("");
  }

  private static String pad(String label) {
    return format("%-" + (LABEL + 6) + "s", label);
  }

  private static String cell(double value, String pattern, double ratio) {
    return format(
        "%" + CELL + "s", Double.isNaN(value) ? "-" : format(pattern, value, ratio).strip());
  }

  private static String limit(OpTarget target) {
    return format(target.limit() < 1 ? "%.2f" : "%.1f", target.limit());
  }

  private static double keep() {
    return OpBenchmark.KEEP_PROBABILITY;
  }

  private void line(String pattern, Object... values) {
    text.append(format(pattern, values).stripTrailing()).append(System.lineSeparator());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
