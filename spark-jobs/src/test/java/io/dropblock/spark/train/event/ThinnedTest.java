package io.dropblock.spark.train.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThinnedTest {
  private final List<RunEvent> told = new ArrayList<>();
  private final Thinned thinned = new Thinned(told::add);

  @Test
  void aShortRunIsToldWhole() {
    List<RunEvent> all = List.of(started(40, 100), steps(0, 1, 1, 10), steps(1, 1, 2, 10));
    all.forEach(thinned);
    assertThat(told).containsExactlyElementsOf(all);
  }

  /** 80,000 steps: 20 of them are a slice. */
  @Test
  void ofALongOneASliceHoldsAllStepsSinceTheOneBefore() {
    thinned.accept(started(80, 1000));
    thinned.accept(steps(9, 10, 1, 10));
    thinned.accept(steps(18, 9, 2, 5));
    assertThat(told).hasSize(1);
    thinned.accept(steps(21, 3, 4, 30));
    RunEvent.Steps slice = (RunEvent.Steps) told.get(1);
    assertThat(slice.step()).isEqualTo(21);
    assertThat(slice.steps()).isEqualTo(22);
    assertThat(slice.loss()).isCloseTo((10 * 1 + 9 * 2 + 3 * 4) / 22., within(1e-12));
    // by the time that each took
    assertThat(slice.imagesPerSecond())
        .isCloseTo(22 / (10 / 10. + 9 / 5. + 3 / 30.), within(1e-12));
    assertThat(slice.keptFraction()).isCloseTo(.93, within(1e-12));
    thinned.accept(steps(22, 1, 1, 1));
    assertThat(told).hasSize(2);
  }

  @Test
  void nothingOfAnEpochIsHeldBackBehindItsEnd() {
    thinned.accept(started(80, 1000));
    thinned.accept(steps(0, 1, 1, 10));
    RunEvent epoch =
        new RunEvent.Epoch(0, 1, 1, 1, 1, 1, 1, null, null, Map.of(), List.of(), List.of());
    thinned.accept(epoch);
    assertThat(told).endsWith(steps(0, 1, 1, 10), epoch);
  }

  /** Its own event may come among the steps of the next. */
  @Test
  void aSliceIsOfOneEpoch() {
    thinned.accept(started(80, 1000));
    thinned.accept(steps(999, 5, 1, 10));
    RunEvent next = new RunEvent.Steps(1, 1019, 20, 2, 10, .9, .93, .1);
    thinned.accept(next);
    assertThat(told).endsWith(steps(999, 5, 1, 10), next);
    assertThat(told).hasSize(3);
  }

  @Test
  void stepsThatAreDoneAgainAreToldOnce() {
    thinned.accept(started(80, 1000));
    thinned.accept(steps(4, 5, 100, 10));
    RunEvent failed = new RunEvent.Failed(1, 3, 0, "an executor is lost", List.of());
    thinned.accept(failed);
    thinned.accept(steps(19, 20, 1, 10));
    assertThat(told).endsWith(failed, steps(19, 20, 1, 10));
    assertThat(told).hasSize(3);
  }

  @Test
  void aRunOf300000StepsHasAFewThousandSlices() {
    thinned.accept(started(100, 3000));
    for (long step = 0; step < 300_000; step++) {
      thinned.accept(steps(step, 1, 1, 10));
    }
    assertThat(told).hasSizeBetween(3000, 4001);
  }

  private static RunEvent started(int epochs, int steps) {
    return new RunEvent.Started("recipe", 2, 64, epochs, steps, 0, 640, 1234);
  }

  private static RunEvent steps(long last, int steps, double loss, double imagesPerSecond) {
    return new RunEvent.Steps(0, last, steps, loss, imagesPerSecond, .9, .93, .1);
  }
}
