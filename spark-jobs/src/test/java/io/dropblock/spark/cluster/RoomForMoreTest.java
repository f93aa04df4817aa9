package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RoomForMoreTest {
  @Test
  void roomHasToLast() {
    AtomicBoolean now = new AtomicBoolean(true);
    RoomForMore room = new RoomForMore(now::get, Duration.ofMillis(1500));
    assertThat(room.isNow()).isTrue();
    assertThat(room.isLasting()).isFalse();
    Awaitility.await().until(room::isLasting);
    now.set(false);
    assertThat(room.isNow()).isFalse();
    Awaitility.await().until(() -> !room.isLasting());
    now.set(true);
    assertThat(room.isLasting()).isFalse();
  }

  /** However many executors ask. */
  @Test
  void looksOnceASecond() {
    AtomicInteger looks = new AtomicInteger();
    RoomForMore room =
        new RoomForMore(
            () -> {
              looks.incrementAndGet();
              return false;
            },
            Duration.ZERO);
    long begin = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      room.isLasting();
    }
    assertThat(looks.get())
        .isLessThanOrEqualTo((int) ((System.nanoTime() - begin) / 1_000_000_000) + 2);
  }

  @Test
  void noneIsNone() {
    assertThat(RoomForMore.none().isNow()).isFalse();
    assertThat(RoomForMore.none().isLasting()).isFalse();
  }
}
