package io.dropblock.spark.preflight.finding;

import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;
import java.util.List;
import java.util.Locale;

/** Findings for people: a line each, what to do at its end. */
public final class FindingsTable {
  private FindingsTable() {}

  /** The table, and a line that counts. */
  public static String of(List<Finding> findings) {
    Table table =
        Table.of(
            Table.Column.left("result"),
            Table.Column.left("check"),
            Table.Column.left("seen, and what to do"));
    for (Finding finding : findings) {
      String next = finding.next().isEmpty() ? "" : ": " + finding.next();
      table.row(
          finding.verdict() == Verdict.FAULT ? "FAULT" : finding.verdict().word(),
          finding.check(),
          finding.seen() + next);
    }
    return String.format(
        Locale.ROOT,
        "%s%n%s, %s, %d not checked%n",
        table,
        Count.of(count(findings, Verdict.FAULT), "fault"),
        Count.of(count(findings, Verdict.WARNING), "warning"),
        count(findings, Verdict.NOT_CHECKED));
  }

  private static long count(List<Finding> findings, Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }
}
