package io.dropblock.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleParserTest {

  @Test
  void readsEveryForm() {
    assertThat(Schedule.parse("0.9")).isEqualTo(new Constant(0.9));
    assertThat(Schedule.parse(" -1e-4 ")).isEqualTo(new Constant(-0.0001));
    assertThat(Schedule.parse("constant(.5)")).isEqualTo(new Constant(0.5));
    assertThat(Schedule.parse("linear(1, 0.9)")).isEqualTo(new Linear(1, 0.9));
    assertThat(Schedule.parse("steps(0.1, 0.01 @ 0.5, 0.001@0.75)"))
        .isEqualTo(
            new Steps(0.1, List.of(new Steps.Change(0.01, 0.5), new Steps.Change(0.001, 0.75))));
    assertThat(Schedule.parse("warm-up(0.05, 3)")).isEqualTo(new WarmUp(0.05, new Constant(3)));
    assertThat(Schedule.parse("warm-up ( 0.05 ,warm-up(0.1,linear( 1,\n0 ) ) )"))
        .isEqualTo(new WarmUp(0.05, new WarmUp(0.1, new Linear(1, 0))));
  }

  @Test
  void textParsesBackToAnEqualSchedule() {
    long seed = Long.getLong("tests.seed", 20181030);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      Schedule schedule = any(random, 0);
      assertThat(Schedule.parse(schedule.toString()))
          .as("%s with -Dtests.seed=%d", schedule, seed)
          .isEqualTo(schedule);
    }
  }

  private static Schedule any(Random random, int depth) {
    return switch (random.nextInt(depth < 4 ? 4 : 3)) {
      case 0 -> new Constant(anyDouble(random));
      case 1 -> new Linear(anyDouble(random), anyDouble(random));
      case 2 -> {
        List<Steps.Change> changes = new ArrayList<>();
        random
            .doubles(1 + random.nextInt(4), Double.MIN_VALUE, 1)
            .distinct()
            .sorted()
            .forEach(from -> changes.add(new Steps.Change(anyDouble(random), from)));
        yield new Steps(anyDouble(random), changes);
      }
      default -> new WarmUp(1 - random.nextDouble(), any(random, depth + 1));
    };
  }

  private static double anyDouble(Random random) {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : -0.0;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "linaer(1, 0.9) | unknown kind 'linaer', did you mean 'linear'? Expected a number,"
            + " constant(value), linear(from, to), steps(value, value @ progress, ...) or"
            + " warm-up(fraction, schedule)",
        "polynomial(2) | unknown kind 'polynomial'. Expected a number, constant(value), linear(from,"
            + " to), steps(value, value @ progress, ...) or warm-up(fraction, schedule)",
        "linear(1 0.9) | expected ',' before '0.9)'",
        "linear(1, 0.9 | expected ')' at the end",
        "linear(1, x) | expected the value at the end before 'x)'",
        "linear(1, 0.9) 3 | expected nothing more before '3'",
        "linear | expected '(' at the end",
        "steps(0.1) | Invalid steps: no change after 0.1, write constant(0.1)",
        "steps(1, 2 @ 0.5, 3 @ 0.5) | Invalid steps boundary: 0.5 after 0.5, boundaries must ascend",
        "steps(1, 2 @ 1) | Invalid steps boundary: 1.0, must be above 0 and below 1",
        "steps(1, 2) | expected '@' before ')'",
        "warm-up(0, 1) | Invalid warm-up fraction: 0.0, must be above 0 and at most 1",
        "constant(1e999) | Invalid constant value: Infinity, must be a finite number",
        "0x10 | expected nothing more before 'x10'"
      })
  void mistakesAreNamedWithWhatIsExpected(String text, String reason) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot parse schedule '" + text + "': " + reason);
  }

  @Test
  void emptyTextIsRefused() {
    assertThatThrownBy(() -> Schedule.parse("  "))
        .hasMessageStartingWith("Cannot parse schedule ' ': expected a number, constant(value)")
        .hasMessageEndingWith("at the end");
  }

  @Test
  void hostileTextGivesOneShortLine() {
    assertThatThrownBy(() -> Schedule.parse("warm-up(0.5, ".repeat(700)))
        .hasMessageMatching(
            "Cannot parse schedule 'warm-up.{70}\\.\\.\\.': nested more than 16 deep");
    assertThatThrownBy(() -> Schedule.parse("1".repeat(100_000)))
        .hasMessageMatching("Cannot parse schedule '1{77}\\.\\.\\.': longer than 10000 characters");
    assertThatThrownBy(() -> Schedule.parse("no\nsuch\u0000thing()"))
        .hasMessageStartingWith("Cannot parse schedule 'no such thing()': ")
        .hasMessageNotContaining("\n");
  }
}
