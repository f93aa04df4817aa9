package io.dropblock.spark.tune;

import io.dropblock.spark.text.Table;
import java.util.List;
import java.util.Locale;

/** Trials for people: a line each, the best one marked. */
public final class TrialTable {
  private static final double MEBIBYTE = 1 << 20;

  private TrialTable() {}

  /** The table. */
  public static String of(List<Trial> trials, Search search) {
    Table table =
        Table.of(
            Table.Column.left(""),
            Table.Column.right("executors"),
            Table.Column.right("cores"),
            Table.Column.right("ranks"),
            Table.Column.right("slots x images"),
            Table.Column.right("prefetch"),
            Table.Column.right("images/s"),
            Table.Column.right("+-"),
            Table.Column.right("ratio"),
            Table.Column.right("resident"),
            Table.Column.right("outside heap"),
            Table.Column.left(""));
    Search.State state = search.after(trials);
    for (int at = 0; at < trials.size(); at++) {
      Trial trial = trials.get(at);
      Setting setting = trial.setting();
      Shape shape = setting.shape();
      boolean best = state.best().filter(it -> it == trial).isPresent();
      table.row(
          best ? "*" : "",
          String.valueOf(shape.executors()),
          String.valueOf(shape.cores()),
          String.valueOf(search.bounds().ranks(setting)),
          setting.slots() + " x " + setting.localBatch(),
          String.valueOf(setting.prefetch()),
          trial.measured().map(it -> rate(it.speed().imagesPerSecond())).orElse("-"),
          trial.measured().map(it -> rate(it.speed().spread())).orElse("-"),
          state
              .base()
              .filter(base -> trial.isDone())
              .map(base -> String.format(Locale.ROOT, "%.2f", trial.rate() / base.rate()))
              .orElse("-"),
          trial.measured().map(it -> bytes(it.resident())).orElse("-"),
          trial.measured().map(it -> bytes(it.outside())).orElse("-"),
          TrialNote.of(trials, at, search));
    }
    return table.toString();
  }

  /** What a trial came to, in a line. */
  public static String line(Trial trial) {
    return trial
        .measured()
        .map(
            it ->
                String.format(
                    Locale.ROOT,
                    "%s images/s +- %s, %s resident an executor, %s of them outside the heap%s",
                    rate(it.speed().imagesPerSecond()),
                    rate(it.speed().spread()),
                    bytes(it.resident()),
                    bytes(it.outside()),
                    it.starved() > 0
                        ? String.format(
                            Locale.ROOT, "; waited for %.0f %% of batches", 100 * it.starved())
                        : ""))
        .orElseGet(() -> "failed: " + trial.failure());
  }

  /** Images a second, to three digits. */
  static String rate(double rate) {
    if (Double.isInfinite(rate)) {
      return "?";
    }
    return String.format(Locale.ROOT, rate < 10 ? "%.2f" : rate < 100 ? "%.1f" : "%,.0f", rate);
  }

  private static String bytes(long bytes) {
    return bytes == 0 ? "-" : String.format(Locale.ROOT, "%,.0f MiB", bytes / MEBIBYTE);
  }
}
