package io.dropblock.spark.report;

import io.dropblock.brought.Fate;
import io.dropblock.spark.text.Table;
import java.util.List;

/** The table of what became of each layer of a network that somebody brought. */
public final class FateTable {
  private FateTable() {}

  /** Renders them. */
  public static String of(List<Fate> fates) {
    Table table =
        Table.of(
            Table.Column.left("layer of the file"),
            Table.Column.left("kind"),
            Table.Column.left("became"),
            Table.Column.left("behind it"));
    fates.forEach(
        fate -> table.row(fate.name(), fate.kind(), fate.became(), fate.drops() ? "drops" : ""));
    return table.toString();
  }
}
