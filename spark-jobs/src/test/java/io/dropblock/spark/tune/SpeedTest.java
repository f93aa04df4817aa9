package io.dropblock.spark.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers of NumPy, and Student's t from a printed table. */
class SpeedTest {
  private static final double T_OF_4 = 2.776;

  @Test
  void allImagesByAllSecondsAndHowSlicesScatter() {
    Speed speed =
        Speed.of(
            List.of(
                new Slice(64, 1.0),
                new Slice(64, 0.9),
                new Slice(128, 2.1),
                new Slice(64, 1.05),
                new Slice(64, 0.95)));
    assertThat(speed.imagesPerSecond()).isCloseTo(64.0, within(1e-9));
    // numpy: sqrt((e ** 2).sum() / (5 * 4)) / seconds.mean() with e = images - 64 * seconds
    assertThat(speed.spread()).isCloseTo(T_OF_4 * STANDARD_ERROR, within(1e-3));
    assertThat(speed.slices()).isEqualTo(5);
  }

  private static final double STANDARD_ERROR = 1.8856180831641267;

  @Test
  void oneSliceSaysNothingOfTheNext() {
    assertThat(Speed.of(List.of(new Slice(10, 2))))
        .isEqualTo(new Speed(5, Double.POSITIVE_INFINITY, 1));
    assertThatThrownBy(() -> Speed.of(List.of())).hasMessageContaining("no steps were measured");
  }

  @Test
  void theFirstStepsAreNotCountedAndEnoughAre() {
    Pace pace = new Pace(8, Duration.ofSeconds(2), Duration.ofSeconds(5));
    pace.accept(steps(1, 4));
    pace.accept(new RunEvent.Note("a line"));
    // two seconds, and not yet warm: nothing is counted so far
    assertThatThrownBy(pace::speed).hasMessageContaining("no steps");
    pace.accept(steps(2, 8));
    assertThat(pace.speed()).isEqualTo(new Speed(8, Double.POSITIVE_INFINITY, 1));
    pace.accept(steps(4, 8));
    assertThat(pace.isDone()).as("six seconds, but in two slices").isFalse();
    pace.accept(steps(4, 32));
    assertThat(pace.isDone()).isTrue();
    // 16 + 32 + 32 images in 2 + 4 + 1 seconds
    assertThat(pace.speed().imagesPerSecond()).isCloseTo(80.0 / 7, within(1e-9));
    pace.accept(steps(100, 1));
    assertThat(pace.speed().slices()).as("what comes late").isEqualTo(3);
  }

  private static RunEvent steps(int count, double imagesPerSecond) {
    return new RunEvent.Steps(0, count, count, 1, imagesPerSecond, 1, 1, .1);
  }
}
