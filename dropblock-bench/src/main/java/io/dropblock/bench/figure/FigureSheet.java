package io.dropblock.bench.figure;

import io.dropblock.spark.text.Table;
import java.util.Locale;

/** What a measurement prints: lines of text, and tables with a blank line above each. */
public final class FigureSheet {
  private final StringBuilder text = new StringBuilder();

  /** A line. */
  public void line(String pattern, Object... values) {
    text.append(format(pattern, values)).append(System.lineSeparator());
  }

  /** What the figures were measured on, with a warning where something else ran. */
  public void machine(Machine machine) {
    line("%s", machine);
    machine.warning().ifPresent(warning -> line("%s", warning));
  }

  /** A table, below a blank line. */
  public void table(Table table) {
    line("");
    text.append(table);
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
