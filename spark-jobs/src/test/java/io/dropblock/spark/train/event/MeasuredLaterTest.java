package io.dropblock.spark.train.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An epoch that was stopped between its last step and its end. */
class MeasuredLaterTest {
  private final List<RunEvent> told = new ArrayList<>();
  private final MeasuredLater later =
      new MeasuredLater(
          List.of(steps(0, 9, 10, 5), steps(1, 12, 3, 2), steps(1, 19, 7, 1)), told::add);

  @Test
  void itsLossIsThatOfTheStepsBefore() {
    later.accept(epoch(1, Double.NaN));
    RunEvent.Epoch epoch = (RunEvent.Epoch) told.get(0);
    assertThat(epoch.epoch()).isEqualTo(1);
    assertThat(epoch.loss()).isCloseTo((3 * 2 + 7 * 1) / 10., within(1e-12));
    assertThat(epoch.keptFraction()).isCloseTo(.9, within(1e-12));
    assertThat(epoch.imagesPerSecond()).isCloseTo(8, within(1e-12));
  }

  @Test
  void anyOtherIsAsItIs() {
    List<RunEvent> others =
        List.of(epoch(1, 3), epoch(2, Double.NaN), steps(2, 20, 1, 1), new RunEvent.Note("a"));
    others.forEach(later);
    assertThat(told).isEqualTo(others);
  }

  private static RunEvent.Epoch epoch(int epoch, double loss) {
    return new RunEvent.Epoch(
        epoch, loss, loss, 1, 1, loss, 1, null, null, Map.of(), List.of(), List.of());
  }

  private static RunEvent.Steps steps(int epoch, long last, int steps, double loss) {
    return new RunEvent.Steps(epoch, last, steps, loss, 8, 1, .9, .1);
  }
}
