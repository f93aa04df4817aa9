package io.dropblock.spark.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of plain text: a head and rows below it, each column as wide as its widest cell and two
 * blanks from the next one. No line ends in blanks.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  private Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
    rows.add(columns.stream().map(Column::title).toList());
  }

  /**
   * A column.
   *
   * @param title what stands above it, may be empty
   * @param left whether its cells begin at its left edge, as words do, or end at its right one, as
   *     numbers do
   */
  public record Column(String title, boolean left) {

    /** One of words. */
    public static Column left(String title) {
      return new Column(title, true);
    }

    /** One of numbers. */
    public static Column right(String title) {
      return new Column(title, false);
    }
  }

  /** A table without rows. */
  public static Table of(Column... columns) {
    return new Table(List.of(columns));
  }

  /** The same with a column of words and columns of numbers behind it. */
  public static Table of(String words, String... numbers) {
    List<Column> columns = new ArrayList<>(List.of(Column.left(words)));
    Arrays.stream(numbers).map(Column::right).forEach(columns::add);
    return new Table(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells from the first column on; the last ones may be left out
   * @throws IllegalArgumentException if there are more of them than columns
   */
  public Table row(String... cells) {
    if (cells.length > columns.size()) {
      throw new IllegalArgumentException(
          "Cannot add row " + List.of(cells) + ": the table has " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The head and the rows, a line each. */
  public List<String> lines() {
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], length(row.get(column)));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      String blanks = " ".repeat(widths[column] - length(cell));
      line.append(column == 0 ? "" : GAP)
          .append(columns.get(column).left() ? cell + blanks : blanks + cell);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** The lines, each with its end. */
  @Override
  public String toString() {
    return lines().stream()
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
