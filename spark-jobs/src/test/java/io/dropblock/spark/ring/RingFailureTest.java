package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RingFailureTest {
  private static final float[] SOME = new float[1000];

  @Test
  void aSilentRankIsNamed() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      ranks.settings = ranks.settings.withSilence(Duration.ofMillis(1500));
      CountDownLatch over = new CountDownLatch(1);
      Future<Boolean> silent =
          ranks.start(
              1,
              ring -> {
                over.await();
                return true;
              });
      Future<float[]> waiting = ranks.start(0, ring -> RingAverageTest.average(ring, SOME));

      assertThatThrownBy(() -> Ranks.result(waiting))
          .isInstanceOf(RingException.class)
          .hasMessage(
              "Cannot average with rank 1 at %s: silent for 1.5 s",
              Neighbour.text(ranks.addresses().get(1)));
      over.countDown();
      assertThat(Ranks.result(silent)).isTrue();
    }
  }

  @Test
  void aRankThatTakesNoBytesIsNamedThoughThePreviousOneIsSilentToo() throws Exception {
    try (Ranks ranks = new Ranks(3)) {
      CountDownLatch over = new CountDownLatch(1);
      ranks.start(
          1,
          ring -> {
            over.await();
            return true;
          });
      // More than the buffers of a connection hold
      float[] large = new float[8 << 20];
      Future<float[]> two = ranks.start(2, ring -> RingAverageTest.average(ring, large));
      ranks.settings = ranks.settings.withSilence(Duration.ofMillis(1500));
      Future<float[]> zero = ranks.start(0, ring -> RingAverageTest.average(ring, large));

      assertThatThrownBy(() -> Ranks.result(zero))
          .isInstanceOf(RingException.class)
          .hasMessage(
              "Cannot average with rank 1 at %s: silent for 1.5 s",
              Neighbour.text(ranks.addresses().get(1)));
      // Long before its own 30 s
      assertThatThrownBy(() -> Ranks.result(two))
          .isInstanceOf(RingException.class)
          .hasMessageStartingWith("Cannot average with rank 0 at ");
      over.countDown();
    }
  }

  @Test
  void aRankThatLeavesIsNamedAndTheRingStaysBroken() throws Exception {
    try (Ranks ranks = new Ranks(3)) {
      Future<Boolean> leaver = ranks.start(1, ring -> true);
      Future<Boolean> next =
          ranks.start(
              2,
              ring -> {
                assertThatThrownBy(() -> RingAverageTest.average(ring, SOME))
                    .isInstanceOf(RingException.class)
                    .hasMessageStartingWith("Cannot average with rank ")
                    .hasMessageMatching(".*(closed the connection|Connection reset.*|Broken pipe)");
                assertThatThrownBy(() -> ring.gather(1))
                    .isInstanceOf(RingException.class)
                    .hasMessageStartingWith("Cannot gather: the ring broke before (Cannot average");
                return true;
              });

      Future<float[]> other = ranks.start(0, ring -> RingAverageTest.average(ring, SOME));
      assertThat(Ranks.result(leaver)).isTrue();
      assertThat(Ranks.result(next)).isTrue();
      assertThatThrownBy(() -> Ranks.result(other)).isInstanceOf(RingException.class);
    }
  }

  @Test
  void ranksThatDoDifferentThingsAreTold() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      Future<float[]> averaging = ranks.start(0, ring -> RingAverageTest.average(ring, SOME));
      Future<long[]> gathering = ranks.start(1, ring -> ring.gather(1));

      assertThatThrownBy(() -> Ranks.result(averaging))
          .hasMessageStartingWith("Cannot average with rank 1 at ")
          .hasMessageMatching(
              ".*(it gathers in its call 2, this rank averages.*|closed.*|reset.*)");
      assertThatThrownBy(() -> Ranks.result(gathering))
          .hasMessageStartingWith("Cannot gather with rank 0 at ");
    }
  }

  @Test
  void arraysOfDifferentLengthsAreRefused() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      Future<float[]> longer = ranks.start(0, ring -> RingAverageTest.average(ring, SOME));
      Future<float[]> shorter =
          ranks.start(1, ring -> RingAverageTest.average(ring, new float[999]));

      assertThatThrownBy(() -> Ranks.result(longer))
          .hasMessageMatching("Cannot average .*(it has 999|closed|reset|pipe).*");
      assertThatThrownBy(() -> Ranks.result(shorter)).isInstanceOf(RingException.class);
    }
  }

  @Test
  void closingFromAnotherThreadEndsAWait() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      CountDownLatch over = new CountDownLatch(1);
      ranks.start(
          1,
          ring -> {
            over.await();
            return true;
          });
      Future<float[]> waiting =
          ranks.start(
              0,
              ring -> {
                Thread closer = new Thread(ring::close);
                closer.start();
                return RingAverageTest.average(ring, SOME);
              });

      assertThatThrownBy(() -> Ranks.result(waiting))
          .isInstanceOf(RingException.class)
          .hasMessage("Cannot average: the ring was closed");
      over.countDown();
    }
  }

  @Test
  void anInterruptEndsAWait() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      CountDownLatch over = new CountDownLatch(1);
      ranks.start(
          1,
          ring -> {
            over.await();
            return true;
          });
      Future<float[]> waiting =
          ranks.start(
              0,
              ring -> {
                Thread.currentThread().interrupt();
                return RingAverageTest.average(ring, SOME);
              });

      assertThatThrownBy(() -> Ranks.result(waiting))
          .isInstanceOf(RingException.class)
          .hasMessageEndingWith(": interrupted");
      over.countDown();
    }
  }

  @Test
  void manyRoundsLeaveDirectMemoryAsItWas() throws Exception {
    List<Boolean> flat =
        Ranks.run(
            2,
            ring -> {
              ByteBuffer array = ByteBuffer.allocateDirect(400_004).order(ByteOrder.nativeOrder());
              ring.averageFloats(array);
              ring.sumFloats(List.of(array));
              ring.gather(1);
              // Both are past their first round, and neither has closed its ring
              long before = directMemory();
              ring.gather(2);
              for (int round = 0; round < 300; round++) {
                ring.averageFloats(array);
                ring.sumFloats(List.of(array));
                ring.gather(round);
              }
              long after = directMemory();
              ring.gather(3);
              return after <= before;
            });

    assertThat(flat).containsOnly(true);
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
