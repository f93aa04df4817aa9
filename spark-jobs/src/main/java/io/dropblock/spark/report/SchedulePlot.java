package io.dropblock.spark.report;

import io.dropblock.schedule.Schedule;
import java.util.Arrays;
import java.util.Locale;

/**
 * A schedule as a small plot in text: progress to the right, the value upwards. The axis is
 * logarithmic where nine tenths into the run the value is below a fiftieth of the largest, as of a
 * rate that drops to a tenth again and again.
 */
public final class SchedulePlot {
  private static final int COLUMNS = 64;
  private static final int ROWS = 9;
  private static final double SMALL = 0.02;

  /** Decades of a logarithmic axis; what is below them is drawn at the bottom. */
  private static final double DECADES = 4;

  private SchedulePlot() {}

  /**
   * Renders it.
   *
   * @param schedule whose values are 0 or above; without epochs: {@link Schedule#over}
   * @param title what is plotted
   * @param epochs of the run, for the axis
   */
  public static String of(Schedule schedule, String title, int epochs) {
    double[] values = new double[COLUMNS];
    Arrays.setAll(values, column -> schedule.at(column / (COLUMNS - 1.0)));
    double largest = Arrays.stream(values).max().orElseThrow();
    boolean logarithmic = largest > 0 && values[(COLUMNS - 1) * 9 / 10] < SMALL * largest;
    double least =
        Math.max(
            largest * Math.pow(10, -DECADES),
            Arrays.stream(values).filter(value -> value > 0).min().orElse(largest));
    char[][] canvas = new char[ROWS][COLUMNS];
    for (char[] row : canvas) {
      Arrays.fill(row, ' ');
    }
    for (int column = 0; column < COLUMNS; column++) {
      double height =
          logarithmic
              ? Math.log(Math.max(values[column], least) / least) / Math.log(largest / least)
              : values[column] / largest;
      int row = (int) Math.round((ROWS - 1) * (largest > 0 ? height : 0));
      canvas[ROWS - 1 - row][column] = '*';
    }
    StringBuilder plot = new StringBuilder();
    plot.append(format("%s over %d epochs%s%n", title, epochs, logarithmic ? ", logarithmic" : ""));
    for (int row = 0; row < ROWS; row++) {
      String label =
          row == 0 ? number(largest) : row < ROWS - 1 ? "" : number(logarithmic ? least : 0);
      plot.append(format("%10s |%s", label, new String(canvas[row])).stripTrailing())
          .append(System.lineSeparator());
    }
    plot.append(format("%10s +%s%n", "", "-".repeat(COLUMNS)));
    plot.append(format("%10s  0%" + (COLUMNS - 1) + "d%n", "", epochs));
    return plot.toString();
  }

  private static String number(double value) {
    return value == 0 || value >= 1e-3 && value < 1e4
        ? format("%.4f", value)
        : format("%.1e", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
