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
    assertThat(Schedule.parse("steps(0.4, 0.04 @ epoch 125,0.004@epoch\n200)"))
        .isEqualTo(
            new Steps(
                0.4,
                List.of(
                    new Steps.Change(0.04, new Place.Epoch(125)),
                    new Steps.Change(0.004, new Place.Epoch(200)))));
    assertThat(Schedule.parse("warm-up(epoch 5, from 0.002, 0.02)"))
        .isEqualTo(new WarmUp(new Place.Epoch(5), 0.002, new Constant(0.02)));
    assertThat(Schedule.parse("exponential(0.64, 0.97, every 2.4 epochs)"))
        .isEqualTo(new Exponential(.64, .97, new Period.Epochs(2.4), false, 0));
    assertThat(Schedule.parse("exponential(5, .9,every 1 epoch ,staircase, floor 1e-3)"))
        .isEqualTo(new Exponential(5, .9, new Period.Epochs(1), true, 1e-3));
    assertThat(Schedule.parse("exponential(5, 0.9, every 0.01, floor 2)"))
        .isEqualTo(new Exponential(5, .9, new Period.Share(.01), false, 2));
    assertThat(Schedule.parse("warm-up(epoch 5, cosine(0.5, 0, from epoch 5))"))
        .isEqualTo(new WarmUp(new Place.Epoch(5), 0, new Cosine(.5, 0, new Place.Epoch(5))));
    assertThat(Schedule.parse("cosine(1, 0.9)")).isEqualTo(new Cosine(1, .9));
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
    return switch (random.nextInt(depth < 4 ? 6 : 5)) {
      case 0 -> new Constant(anyDouble(random));
      case 1 -> new Linear(anyDouble(random), anyDouble(random));
      case 2 -> {
        List<Steps.Change> changes = new ArrayList<>();
        int epoch = 0;
        for (double share :
            random
                .doubles(1 + random.nextInt(4), Double.MIN_VALUE, 1)
                .distinct()
                .sorted()
                .toArray()) {
          epoch += 1 + random.nextInt(1_000);
          Place place = random.nextBoolean() ? new Place.Epoch(epoch) : new Place.Share(share);
          changes.add(new Steps.Change(anyDouble(random), place));
        }
        yield new Steps(anyDouble(random), changes);
      }
      case 3 -> {
        double from = Math.max(Math.abs(anyDouble(random)), Double.MIN_VALUE);
        double length = Math.max(Math.abs(anyDouble(random)), Double.MIN_VALUE);
        yield new Exponential(
            from,
            1 - random.nextDouble(Math.ulp(.5), 1),
            random.nextBoolean() ? new Period.Epochs(length) : new Period.Share(length),
            random.nextBoolean(),
            random.nextBoolean() ? 0 : from * random.nextDouble());
      }
      case 4 ->
          new Cosine(
              anyDouble(random),
              anyDouble(random),
              random.nextBoolean()
                  ? new Place.Epoch(1 + random.nextInt(Integer.MAX_VALUE))
                  : new Place.Share(random.nextInt(2) * random.nextDouble()));
      default ->
          new WarmUp(
              random.nextBoolean()
                  ? new Place.Epoch(1 + random.nextInt(Integer.MAX_VALUE))
                  : new Place.Share(1 - random.nextDouble()),
              random.nextBoolean() ? 0 : anyDouble(random),
              any(random, depth + 1));
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
            + " constant(value), linear(from, to), steps(value, value @ place, ...), exponential(from,"
            + " factor, every 2.4 epochs), cosine(from, to) or warm-up(place, schedule), where a place"
            + " is a share such as 0.5 or epoch 30",
        "polynomial(2) | unknown kind 'polynomial'. Expected a number,"
            + " constant(value), linear(from, to), steps(value, value @ place, ...), exponential(from,"
            + " factor, every 2.4 epochs), cosine(from, to) or warm-up(place, schedule), where a place"
            + " is a share such as 0.5 or epoch 30",
        "exponential(1, 0.9) | expected ',' before ')'",
        "exponential(1, 0.9, 2 epochs) | expected every before '2 epochs)'",
        "exponential(1, 0.9, every epoch 2) | expected the share or number of epochs of a period"
            + " before 'epoch 2)'",
        "exponential(1, 0.9, every 0 epochs) | Invalid period: 0.0, must be a finite number above 0",
        "exponential(1, 0.9, every 2 epochs, floor) | expected the floor before ')'",
        "exponential(1, 0.9, every 2 epochs, stairs) | expected staircase or floor before 'stairs)'",
        "exponential(1, 0.9, every 1, staircase, 3) | expected floor before '3)'",
        "exponential(1, 1, every 0.1) | Invalid exponential factor: 1.0, must be above 0 and below 1",
        "exponential(0, 0.9, every 0.1) | Invalid exponential start: 0.0, must be a finite number"
            + " above 0",
        "exponential(1, 0.9, every 0.1, floor 2) | Invalid exponential floor: 2.0, must be from 0 to"
            + " 1.0",
        "cosine(1) | expected ',' before ')'",
        "cosine(1, 0, 0.5) | expected from before '0.5)'",
        "cosine(1, 0, from 1) | Invalid cosine begin: 1.0, must be at least 0 and below 1",
        "cosine(1e999, 0) | Invalid cosine start: Infinity, must be a finite number",
        "linear(1 0.9) | expected ',' before '0.9)'",
        "linear(1, 0.9 | expected ')' at the end",
        "linear(1, x) | expected the value at the end before 'x)'",
        "linear(1, 0.9) 3 | expected nothing more before '3'",
        "linear | expected '(' at the end",
        "steps(0.1) | Invalid steps: no change after 0.1, write constant(0.1)",
        "steps(1, 2 @ 0.5, 3 @ 0.5) | Invalid steps boundary: 0.5 after 0.5, boundaries must ascend",
        "steps(1, 2 @ 1) | Invalid steps boundary: 1.0, must be above 0 and below 1",
        "steps(1, 2) | expected '@' before ')'",
        "steps(1, 2 @ epoch) | expected the number of the epoch before ')'",
        "steps(1, 2 @ eoch 3) | expected the share or epoch from which it holds before 'eoch 3)'",
        "steps(1, 2 @ epoch 0) | Invalid epoch: 0, must be at least 1",
        "steps(1, 2 @ epoch 2.5) | Invalid epoch: 2.5, must be a whole number of at least 1",
        "steps(1, 2 @ epoch 3000000000) | Invalid epoch: 3.0E9, must be a whole number of at least 1",
        "steps(1, 2 @ epoch 4, 3 @ epoch 4) | Invalid steps boundary: epoch 4 after epoch 4,"
            + " boundaries must ascend",
        "warm-up(epoch -1, 1) | Invalid epoch: -1, must be at least 1",
        "warm-up(epoch 1, from 0.1) | expected ',' before ')'",
        "warm-up(epoch 1, from, 3) | expected the value at the start before ', 3)'",
        "warm-up(epoch 1, from 1e999, 3) | Invalid warm-up start: Infinity, must be a finite number",
        "linear(epoch 1, 0) | expected the value at the start before 'epoch 1, 0)'",
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
