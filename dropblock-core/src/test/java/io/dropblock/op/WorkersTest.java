package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void runsEveryPartOnceOnNoMoreThreadsThanGiven() {
    for (int threads = 1; threads <= 4; threads++) {
      Workers workers = new Workers(threads);
      Set<Thread> used = ConcurrentHashMap.newKeySet();
      for (int parts = 1; parts < 40; parts++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(parts);
        workers.run(
            parts,
            part -> {
              runs.incrementAndGet(part);
              used.add(Thread.currentThread());
            });
        for (int part = 0; part < parts; part++) {
          assertThat(runs.get(part)).isEqualTo(1);
        }
      }
      assertThat(used).hasSizeBetween(1, threads);
    }
  }

  @Test
  void servesManyCallersAtOnce() throws InterruptedException {
    Workers workers = new Workers(3);
    AtomicIntegerArray done = new AtomicIntegerArray(4);
    Thread[] callers = new Thread[4];
    for (int caller = 0; caller < callers.length; caller++) {
      int index = caller;
      callers[caller] =
          new Thread(
              () -> {
                for (int repetition = 0; repetition < 200; repetition++) {
                  workers.run(workers.parts(), part -> done.incrementAndGet(index));
                }
              });
      callers[caller].start();
    }
    for (int caller = 0; caller < callers.length; caller++) {
      callers[caller].join();
      assertThat(done.get(caller)).isEqualTo(200 * workers.parts());
    }
  }

  @Test
  void tellsWhatFailed() {
    for (int threads = 1; threads <= 3; threads++) {
      Workers workers = new Workers(threads);
      assertThatThrownBy(
              () ->
                  workers.run(
                      8,
                      part -> {
                        throw new IllegalStateException("part");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining("IllegalStateException: part");
    }
  }

  @Test
  void waitsForAllPartsWhenInterrupted() {
    Workers workers = new Workers(2);
    AtomicIntegerArray runs = new AtomicIntegerArray(8);
    Thread.currentThread().interrupt();
    workers.run(8, runs::incrementAndGet);
    assertThat(Thread.interrupted()).isTrue();
    for (int part = 0; part < 8; part++) {
      assertThat(runs.get(part)).isEqualTo(1);
    }
  }
}
