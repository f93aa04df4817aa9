package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.schedule.Schedule;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulePlotTest {
  private static final String EDGE = " ".repeat(10) + " +" + "-".repeat(64);

  private static String[] plot(String schedule, int epochs) {
    return SchedulePlot.of(Schedule.parse(schedule).over(epochs), "Learning rate", epochs)
        .split("\\R");
  }

  @Test
  void aLineFallsFromCornerToCorner() {
    String[] lines = plot("linear(0.1, 0.0)", 20);
    assertThat(lines).hasSize(12);
    assertThat(lines[0]).isEqualTo("Learning rate over 20 epochs");
    assertThat(lines[1]).isEqualTo("    0.1000 |****");
    assertThat(lines[9]).isEqualTo("    0.0000 |" + " ".repeat(60) + "****");
    assertThat(lines[5]).startsWith("           |" + " ".repeat(28)).endsWith("*".repeat(8));
    assertThat(lines[10]).isEqualTo(EDGE);
    assertThat(lines[11]).isEqualTo("            0" + " ".repeat(61) + "20");
  }

  /** Each tenth is as far below as the one before. */
  @Test
  void dropsToATenthAreEqualStepsOfALogarithmicAxis() {
    String[] lines = plot("steps(0.4, 0.04 @ 0.25, 0.004 @ 0.5, 0.0004 @ 0.75)", 100);
    assertThat(lines[0]).isEqualTo("Learning rate over 100 epochs, logarithmic");
    assertThat(lines[1]).isEqualTo("    0.4000 |" + "*".repeat(16));
    assertThat(lines[9]).isEqualTo("   4.0e-04 |" + " ".repeat(48) + "*".repeat(16));
    assertThat(rowsWithStars(lines)).containsExactly(1, 4, 6, 9);
  }

  @Test
  void aConstantIsALineAtTheTop() {
    assertThat(rowsWithStars(plot("0.3", 5))).containsExactly(1);
    assertThat(rowsWithStars(plot("0.0", 5))).containsExactly(9);
  }

  private static int[] rowsWithStars(String[] lines) {
    return IntStream.rangeClosed(1, 9).filter(row -> lines[row].contains("*")).toArray();
  }
}
