package io.dropblock.spark.report;

import io.dropblock.spark.scaling.comparison.Compared;
import io.dropblock.spark.text.Table;
import io.dropblock.spark.text.Table.Column;
import java.util.List;
import java.util.Locale;

/**
 * What was predicted beside what was measured.
 *
 * @param compared a row each
 */
public record ComparedTable(List<Compared> compared) {
  private static final double NEAR = 0.05;

  @Override
  public String toString() {
    Table table =
        Table.of(
            Column.left(""),
            Column.right("ranks"),
            Column.right("predicted"),
            Column.right("measured"),
            Column.right("predicted / measured"),
            Column.left(""));
    for (Compared row : compared) {
      table.row(
          row.what(),
          String.valueOf(row.world()),
          ScaledTime.text(row.predicted()),
          ScaledTime.text(row.measured()),
          String.format(Locale.ROOT, "%.3f", row.ratio()),
          row.source()
              ? "constants are from here"
              : Math.abs(row.ratio() - 1) <= NEAR ? "within 5 %" : "MISSED by more than 5 %");
    }
    return table.toString();
  }
}
