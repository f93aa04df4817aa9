package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RingSumFailureTest {
  private static final int SOME = 1000;

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
      Future<Boolean> waiting = ranks.start(0, ring -> sum(ring, SOME));

      assertThatThrownBy(() -> Ranks.result(waiting))
          .isInstanceOf(RingException.class)
          .hasMessage(
              "Cannot sum with rank 1 at %s: silent for 1.5 s",
              Neighbour.text(ranks.addresses().get(1)));
      over.countDown();
      assertThat(Ranks.result(silent)).isTrue();
    }
  }

  /** Each of three ranks, whether it begins, hands on or ends the sum. */
  @Test
  void aRankThatLeavesEndsTheSumOnTheOthers() throws Exception {
    for (int leaver = 0; leaver < 3; leaver++) {
      try (Ranks ranks = new Ranks(3)) {
        Future<Boolean> gone = ranks.start(leaver, ring -> true);
        Future<Boolean> next = ranks.start((leaver + 1) % 3, RingSumFailureTest::failsAndStaysSo);
        Future<Boolean> previous =
            ranks.start((leaver + 2) % 3, RingSumFailureTest::failsAndStaysSo);

        assertThat(Ranks.result(gone)).isTrue();
        assertThat(Ranks.result(next)).isTrue();
        assertThat(Ranks.result(previous)).isTrue();
      }
    }
  }

  private static boolean failsAndStaysSo(Ring ring) {
    // More than the buffers of a connection hold
    assertThatThrownBy(() -> sum(ring, 8 << 20))
        .isInstanceOf(RingException.class)
        .hasMessageStartingWith("Cannot sum with rank ")
        .hasMessageMatching(".*(closed the connection|Connection reset.*|Broken pipe)");
    assertThatThrownBy(() -> ring.gather(1))
        .isInstanceOf(RingException.class)
        .hasMessageStartingWith("Cannot gather: the ring broke before (Cannot sum");
    return true;
  }

  @Test
  void aRankThatAveragesMeanwhileIsTold() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      Future<Boolean> summing = ranks.start(0, ring -> sum(ring, SOME));
      Future<Boolean> averaging =
          ranks.start(1, ring -> RingAverageTest.average(ring, new float[SOME]).length == SOME);

      assertThatThrownBy(() -> Ranks.result(summing))
          .hasMessageStartingWith("Cannot sum with rank 1 at ")
          .hasMessageMatching(
              ".*(it averages floats in its call 2, this rank sums floats.*|closed.*|reset.*)");
      assertThatThrownBy(() -> Ranks.result(averaging))
          .hasMessageStartingWith("Cannot average with rank 0 at ")
          .hasMessageMatching(
              ".*(it sums floats in its call 2, this rank averages floats.*|closed.*|reset.*)");
    }
  }

  @Test
  void doublesAreNotTakenForFloats() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      Future<Boolean> floats = ranks.start(0, ring -> sum(ring, SOME));
      Future<Boolean> doubles =
          ranks.start(
              1,
              ring -> {
                ring.sumDoubles(List.of(direct(SOME * Double.BYTES)));
                return true;
              });

      assertThatThrownBy(() -> Ranks.result(floats)).isInstanceOf(RingException.class);
      assertThatThrownBy(() -> Ranks.result(doubles))
          .isInstanceOf(RingException.class)
          .hasMessageMatching(
              "Cannot sum .*(it sums floats in its call 2, this rank sums doubles.*"
                  + "|closed.*|reset.*)");
    }
  }

  @Test
  void arraysOfDifferentLengthsAreRefused() throws Exception {
    try (Ranks ranks = new Ranks(2)) {
      Future<Boolean> longer = ranks.start(0, ring -> sum(ring, SOME));
      Future<Boolean> shorter = ranks.start(1, ring -> sum(ring, SOME - 1));

      assertThatThrownBy(() -> Ranks.result(longer))
          .isInstanceOf(RingException.class)
          .hasMessageMatching("Cannot sum .*(it has 999|closed|reset|pipe).*");
      assertThatThrownBy(() -> Ranks.result(shorter)).isInstanceOf(RingException.class);
    }
  }

  private static boolean sum(Ring ring, int length) {
    ring.sumFloats(List.of(direct(length * Float.BYTES)));
    return true;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
