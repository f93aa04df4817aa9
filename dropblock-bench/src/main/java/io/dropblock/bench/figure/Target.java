package io.dropblock.bench.figure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.text.Table;

/**
 * A figure and what it is to be.
 *
 * @param what is measured
 * @param value of this run
 * @param upper whether the limit is an upper one
 * @param limit the value that just reaches it
 */
public record Target(String what, double value, boolean upper, double limit) {

  /** One that is not to be exceeded. */
  public static Target atMost(String what, double value, double limit) {
    return new Target(what, value, true, limit);
  }

  /** One that is to be reached. */
  public static Target atLeast(String what, double value, double limit) {
    return new Target(what, value, false, limit);
  }

  /** Whether the figure is as good as it is to be; not if it is not a number. */
  public boolean reached() {
    return upper ? value <= limit : value >= limit;
  }

  /** Adds a row for it to a table of {@link #table}. */
  public void addTo(Table table) {
    table.row(
        what,
        FigureSheet.format("%.2f", value),
        FigureSheet.format(upper ? "<= %.2f" : ">= %.2f", limit),
        reached() ? "reached" : "MISSED");
  }

  /** A table for targets. */
  public static Table table() {
    return Table.of("target", "is", "shall be", "");
  }

  /** Adds itself to a file of figures. */
  public void addTo(ObjectNode node) {
    node.put("target", what)
        .put("value", value)
        .put(upper ? "at_most" : "at_least", limit)
        .put("reached", reached());
  }
}
