package io.dropblock.spark.bench;

import java.util.Locale;

/** Lines of text, and rows of a label and of cells below each other, as measurements print them. */
public final class FigureTable {
  private final int label;
  private final int cell;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param label characters of a row's label
   * @param cell characters of each cell behind it, which ends at the right
   */
  public FigureTable(int label, int cell) {
    this.label = label;
    this.cell = cell;
  }

  /** A row; empty cells at its end leave no blanks. */
  public void row(String first, String... cells) {
    StringBuilder row = new StringBuilder(format("%-" + label + "s", first));
    for (String one : cells) {
      row.append(format("%" + cell + "s", one));
    }
    line("%s", row.toString().stripTrailing());
  }

  /** A line of its own. */
  public void line(String pattern, Object... values) {
    text.append(format(pattern, values)).append(System.lineSeparator());
  }

  /** The same for everybody, wherever he lives. */
  public static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** All that was added. */
  @Override
  public String toString() {
    return text.toString();
  }
}
